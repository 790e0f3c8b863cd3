//! Calls that start a task or a thread: the current context goes along.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::{
    Expr,
    parse::{ParseStream, Parser as _},
};

use super::path::{is_punct, segments_before};
use crate::spans::generated;

/// Functions by their last two path segments, whatever is in front.
const FUNCTIONS: [(&str, &str); 11] = [
    ("tokio", "spawn"),
    ("task", "spawn"),
    ("task", "spawn_blocking"),
    ("task", "spawn_local"),
    ("rt", "spawn"),
    ("actix_rt", "spawn"),
    ("rt", "spawn_blocking"),
    ("actix_rt", "spawn_blocking"),
    ("web", "block"),
    ("thread", "spawn"),
    ("thread", "spawn_local"),
];

/// Methods of runtimes, join sets, local sets, scopes and arbiters; only with an argument that shows what it is.
const METHODS: [&str; 6] =
    ["spawn", "spawn_local", "spawn_blocking", "spawn_on", "spawn_local_on", "spawn_blocking_on"];

/// What is spawned, by its looks.
enum Spawned {
    Future,
    Closure,
    /// A call, a variable: the compiler has to tell.
    Unknown,
    /// A closure with parameters, or nothing.
    Neither,
}

/// Wraps what is spawned, so that spans in there become children of the current one.
///
/// ```text
/// // Input:
/// tokio::spawn(async move { work().await })
/// web::block(job)
/// // Output:
/// tokio::spawn(::otel_actix::__private::carry(async move { work().await }))
/// web::block({
///     use ::otel_actix::__private::{CarryAny as _, CarryClosure as _, CarryFuture as _};
///     let __otel_spawned = job;
///     let __otel_kind = (&&&::otel_actix::__private::Spawned(&__otel_spawned)).kind();
///     __otel_kind.carry(__otel_spawned)
/// })
/// ```
pub(crate) fn carry_into_tasks(tokens: TokenStream, private: &TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut output = TokenStream::new();
    for (at, token) in tokens.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            output.extend([token.clone()]);
            continue;
        };
        let mut inside = carry_into_tasks(group.stream(), private);
        if group.delimiter() == Delimiter::Parenthesis && !inside.is_empty() {
            let method = is_method(&tokens, at);
            if method || is_function(&tokens, at) {
                inside = carry_argument(inside, method, private, group.span_open());
            }
        }
        let mut replaced = Group::new(group.delimiter(), inside);
        replaced.set_span(group.span());
        output.extend([TokenTree::Group(replaced)]);
    }
    output
}

fn is_function(tokens: &[TokenTree], at: usize) -> bool {
    match segments_before::<2>(tokens, at) {
        [Some(function), Some(module)] => FUNCTIONS.iter().any(|(m, f)| function == f && module == m),
        _ => false,
    }
}

/// `.spawn(..)`
fn is_method(tokens: &[TokenTree], at: usize) -> bool {
    let [Some(name)] = segments_before::<1>(tokens, at) else { return false };
    // `segments_before` looks past a turbofish: the dot is in front of the name, wherever that is.
    let name_at = tokens[..at].iter().rposition(|token| matches!(token, TokenTree::Ident(ident) if ident == name));
    METHODS.iter().any(|method| name == method)
        && name_at.and_then(|at| at.checked_sub(1)).is_some_and(|dot| is_punct(&tokens[dot], '.'))
}

/// Wraps the first of the arguments.
fn carry_argument(arguments: TokenStream, method: bool, private: &TokenStream, at: Span) -> TokenStream {
    let Some((argument, rest)) = first_argument(arguments.clone()) else { return arguments };
    let span = generated(at);
    let carried = match spawned(&argument) {
        Spawned::Future => quote_spanned!(span=> #private::carry(#argument)),
        Spawned::Closure => quote_spanned!(span=> #private::carry_fn(#argument)),
        Spawned::Unknown if !method => quote_spanned! {span=> {
            use #private::{CarryAny as _, CarryClosure as _, CarryFuture as _};
            let __otel_spawned = #argument;
            let __otel_kind = (&&&#private::Spawned(&__otel_spawned)).kind();
            __otel_kind.carry(__otel_spawned)
        }},
        Spawned::Unknown | Spawned::Neither => argument,
    };
    quote_spanned!(span=> #carried #rest)
}

/// The first argument, and the others with the comma in front; `None` if these are no expressions.
///
/// Which comma ends it only a parser can tell: that of `-> Result<A, B> { .. }` or of `f::<A, B>()` does not.
fn first_argument(arguments: TokenStream) -> Option<(TokenStream, TokenStream)> {
    if !arguments.clone().into_iter().any(|token| is_punct(&token, ',')) {
        return Some((arguments, TokenStream::new()));
    }
    let rest_of = |input: ParseStream<'_>| {
        input.parse::<Expr>()?;
        input.parse::<TokenStream>()
    };
    let rest = rest_of.parse2(arguments.clone()).ok()?;
    if rest.clone().into_iter().next().is_some_and(|token| !is_punct(&token, ',')) {
        return None;
    }
    let length = arguments.clone().into_iter().count() - rest.clone().into_iter().count();
    Some((arguments.into_iter().take(length).collect(), rest))
}

fn spawned(argument: &TokenStream) -> Spawned {
    let mut tokens = argument.clone().into_iter().peekable();
    let is = |token: Option<&TokenTree>, keyword: &str| matches!(token, Some(TokenTree::Ident(i)) if i == keyword);
    let is_async = is(tokens.peek(), "async");
    if is_async {
        tokens.next();
    }
    if is(tokens.peek(), "move") {
        tokens.next();
    }
    match tokens.next() {
        // `async move { .. }` and nothing behind it: `async {}.boxed()` is an expression like any other.
        Some(TokenTree::Group(group)) if is_async && group.delimiter() == Delimiter::Brace => {
            if tokens.next().is_none() { Spawned::Future } else { Spawned::Unknown }
        }
        // `$future:expr` of a macro
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None && tokens.peek().is_none() => {
            spawned(&group.stream())
        }
        Some(token) if is_punct(&token, '|') => {
            let no_parameters = tokens.next().is_some_and(|token| is_punct(&token, '|'));
            if no_parameters && !is_async { Spawned::Closure } else { Spawned::Neither }
        }
        Some(_) => Spawned::Unknown,
        None => Spawned::Neither,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn carried(tokens: TokenStream) -> String {
        carry_into_tasks(tokens, &quote!(p)).to_string()
    }

    #[test]
    fn blocks_and_closures_are_wrapped_as_they_are() {
        assert_eq!(carried(quote!(tokio::spawn(async move { a }))), "tokio :: spawn (p :: carry (async move { a }))");
        assert_eq!(carried(quote!(std::thread::spawn(|| a))), "std :: thread :: spawn (p :: carry_fn (|| a))");
        assert_eq!(
            carried(quote!(set.spawn_on(async { a }, &handle))),
            "set . spawn_on (p :: carry (async { a }) , & handle)"
        );
    }

    #[test]
    fn anything_else_is_decided_by_its_type() {
        for tokens in [quote!(actix_web::rt::spawn(work(1, 2))), quote!(web::block::<F, u8>(job))] {
            assert!(carried(tokens.clone()).contains("__otel_kind . carry (__otel_spawned)"), "{tokens}");
        }
        assert!(carried(quote!(tokio::spawn(async {}.boxed()))).contains("__otel_kind . carry"));
    }

    #[test]
    fn spawns_inside_spawns_and_macros_are_wrapped_too() {
        let output = carried(quote!(tokio::spawn(async { join!(tokio::spawn(async { b })) })));
        assert_eq!(output.matches("p :: carry (").count(), 2, "{output}");
    }

    #[test]
    fn a_comma_in_generics_ends_no_argument() {
        for (argument, wrapped) in [
            (quote!(move || -> Result<User, DbError> { find(id) }), "p :: carry_fn ("),
            (quote!(move || rows.into_iter().collect::<HashMap<_, _>>()), "p :: carry_fn ("),
            (quote!(worker::<Db, Cache>(pool)), "__otel_spawned = "),
            (quote!(async move { a < b }), "p :: carry ("),
        ] {
            for rest in [quote!(), quote!(,), quote!(, handle, b)] {
                let output = carried(quote!(task::spawn(#argument #rest)));
                assert!(output.contains(&format!("{wrapped}{argument}")), "{output}");
                assert!(output.ends_with(&format!("{rest})")), "{output}");
            }
        }
        assert_eq!(carried(quote!(task::spawn(a b, c))), "task :: spawn (a b , c)");
    }

    #[test]
    fn what_a_macro_was_given_is_seen_through() {
        let group = TokenTree::Group(Group::new(Delimiter::None, quote!(async { a })));
        assert!(carried(quote!(set.spawn(#group))).contains("p :: carry"));
    }

    #[test]
    fn unrelated_calls_are_untouched() {
        for tokens in [
            quote!(my::spawn(async {})),
            quote!(spawn(async {})),
            quote!(commands.spawn((A, B))),
            quote!(command.spawn()),
            quote!(scope.spawn(|scope| a)),
            quote!(world.spawn(bundle)),
            quote!(tokio::spawn()),
            quote!(thread_pool.spawn(move |a, b| a)),
        ] {
            assert_eq!(carried(tokens.clone()), tokens.to_string());
        }
    }
}
