//! Calls that start a task or a thread: they take the current context along.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{
    groups::replace_groups,
    path::{is_punct, segments_before},
    spawned::carry_first,
};

/// Functions, by their last two path segments.
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

/// Methods of runtimes, join sets, local sets, scopes and arbiters. Other types have methods of these names,
/// too: their arguments pass through as they are.
const METHODS: [&str; 6] =
    ["spawn", "spawn_local", "spawn_blocking", "spawn_on", "spawn_local_on", "spawn_blocking_on"];

/// Wraps spawned tasks, so that their spans become children of the current one. Returns `tokens` unchanged if none is
/// spawned.
///
/// ```text
/// // Input:
/// tokio::spawn(async move { work().await })
/// web::block(job)
/// set.spawn(work)
/// // Output:
/// tokio::spawn(::otel_actix::__private::carry(async move { work().await }))
/// web::block(match (job) {
///     __otel_spawned => {
///         use ::otel_actix::__private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
///         let __otel_kind = (&&&&::otel_actix::__private::Spawned(&__otel_spawned)).__otel_kind();
///         __otel_kind.carry(__otel_spawned)
///     }
/// })
/// set.spawn({
///     use ::otel_actix::__private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
///     let __otel_kind = (&&&&&::otel_actix::__private::Passed(&work)).__otel_kind();
///     __otel_kind.carry(work)
/// })
/// ```
pub(crate) fn carry_into_tasks(tokens: TokenStream, private: &TokenStream) -> TokenStream {
    carried(&tokens, private).unwrap_or(tokens)
}

fn carried(tokens: &TokenStream, private: &TokenStream) -> Option<TokenStream> {
    replace_groups(tokens, |tokens, at, group| {
        let inside = carried(&group.stream(), private);
        let method = is_method(tokens, at);
        if group.delimiter() != Delimiter::Parenthesis || !(method || is_function(tokens, at)) {
            return inside;
        }
        let arguments = inside.clone().unwrap_or_else(|| group.stream());
        carry_first(arguments, method, private, group.span_open()).or(inside)
    })
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
    // `segments_before` skips a turbofish, so the dot is looked for in front of the name.
    let name_at = tokens[..at].iter().rposition(|token| matches!(token, TokenTree::Ident(ident) if ident == name));
    METHODS.iter().any(|method| name == method)
        && name_at.and_then(|at| at.checked_sub(1)).is_some_and(|dot| is_punct(&tokens[dot], '.'))
}

#[cfg(test)]
mod tests {
    use proc_macro2::Group;
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
        for tokens in [
            quote!(actix_web::rt::spawn(work(1, 2))),
            quote!(set.spawn(fetch(url))),
            quote!(set.spawn_on(worker.clone().run(), &handle)),
            quote!(tokio::spawn(async {}.boxed())),
        ] {
            assert!(carried(tokens.clone()).contains("__otel_kind . carry (__otel_spawned)"), "{tokens}");
        }
        assert!(carried(quote!(web::block::<F, u8>(job))).contains("match (job) {"));
        assert!(carried(quote!(set.spawn(job))).contains("__otel_kind . carry (job)"));
    }

    #[test]
    fn what_goes_into_a_box_is_carried_in_there() {
        assert_eq!(
            carried(quote!(set.spawn(Box::pin(async { a })))),
            "set . spawn (Box :: pin (p :: carry (async { a })))"
        );
        assert!(
            carried(quote!(rt::spawn(std::boxed::Box::pin(work(1)))))
                .starts_with("rt :: spawn (std :: boxed :: Box :: pin (match (work (1)) {")
        );
    }

    /// Unchanged groups keep the places of their delimiters.
    #[test]
    fn groups_without_a_task_are_the_very_same() {
        assert!(super::carried(&quote!({ a(b, [c]) } tokio::spawn()), &quote!(p)).is_none());
        assert!(super::carried(&quote!({ tokio::spawn(async {}) }), &quote!(p)).is_some());
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
            (quote!(worker::<Db, Cache>(pool)), "match ("),
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
            quote!(world.spawn(name.into())),
            quote!(world.spawn(Box::new(Actor))),
            quote!(tokio::spawn()),
            quote!(thread_pool.spawn(move |a, b| a)),
        ] {
            assert_eq!(carried(tokens.clone()), tokens.to_string());
        }
    }
}
