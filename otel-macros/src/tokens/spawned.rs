//! The argument of a call that spawns, by its tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Expr;

use super::{arguments::first_argument, callee::Callee, path::is_punct, scope::Scope};
use crate::spans::generated;

/// Methods whose type depends on the place where their value goes: `scene.spawn(name.into())`.
const INFERRED: [&str; 7] = ["into", "try_into", "collect", "parse", "sum", "product", "default"];

/// The variable that a carried closure captures.
const CONTEXT: &str = "__otel_context_unless_carry_is_false";

enum SpawnedArgument {
    /// `async { .. }`
    Future,
    /// `|| ..` or `move || ..`
    Closure,
    /// `Box::pin(..)`: its argument is wrapped, so that the box may become one of `dyn Future`.
    Pinned,
    /// A name in lower case.
    Variable(Ident),
    /// A call: the compiler knows the type of its value.
    Call,
    /// Any other expression.
    Other,
    /// A closure with parameters, or nothing.
    Neither,
}

/// Wraps the first of the arguments; `None` leaves them alone.
pub(super) fn carry_first(arguments: TokenStream, callee: Callee, scope: &Scope<'_>, at: Span) -> Option<TokenStream> {
    let (argument, rest) = first_argument(arguments)?;
    let argument = carry(argument, callee, scope, generated(at))?;
    Some(argument.into_iter().chain(rest).collect())
}

fn carry(argument: TokenStream, callee: Callee, scope: &Scope<'_>, span: Span) -> Option<TokenStream> {
    let (method, private) = (callee != Callee::Function, scope.private);
    let uses = quote_spanned! {span=>
        use #private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
    };
    Some(match SpawnedArgument::of(&argument) {
        SpawnedArgument::Future => quote_spanned!(span=> #private::carry(#argument)),
        SpawnedArgument::Closure if method => carry_in_place(&argument, private, span),
        SpawnedArgument::Closure => quote_spanned!(span=> #private::carry_fn(#argument)),
        SpawnedArgument::Pinned => return carry_pinned(argument, scope, span),
        // The method may take a function pointer, which no closure with a context can become.
        SpawnedArgument::Variable(name) if callee == Callee::SpawnMethod && !scope.may_declare(&name) => return None,
        // Not moved to a variable of ours: as an argument of a method it may be borrowed again, or coerced. In an
        // `async` caller this borrow would last to its end, so functions, which take only tasks, get the other form.
        SpawnedArgument::Variable(_) if method => quote_spanned! {span=> {
            #uses
            let __otel_kind = (&&&&&#private::Passed(&#argument)).__otel_kind();
            __otel_kind.carry(#argument)
        }},
        SpawnedArgument::Other if method => return None,
        // No `let`: temporaries from which the value borrows live as long as the call.
        SpawnedArgument::Variable(_) | SpawnedArgument::Call | SpawnedArgument::Other => quote_spanned! {span=>
            match (#argument) {
                __otel_spawned => {
                    #uses
                    let __otel_kind = (&&&&#private::Spawned(&__otel_spawned)).__otel_kind();
                    __otel_kind.carry(__otel_spawned)
                }
            }
        },
        SpawnedArgument::Neither => return None,
    })
}

/// A closure for a method that may need more than an `FnOnce`: it implements the same traits as the one without a context.
/// Only a function pointer cannot be made of it: it captures the context, whose name stands in the compiler's message.
///
/// ```text
/// // Input:
/// move || BODY
/// || BODY
/// // Output:
/// { let CONTEXT = context_to_carry(); move || { let __otel_attached = attach(&CONTEXT); BODY } }
/// {
///     let CONTEXT = context_to_carry();
///     let __otel_closure = || BODY;
///     let mut __otel_closure = __otel_closure;
///     move || { let __otel_attached = attach(&CONTEXT); __otel_closure() }
/// }
/// ```
fn carry_in_place(argument: &TokenStream, private: &TokenStream, span: Span) -> TokenStream {
    let context = Ident::new(CONTEXT, span);
    let attach = quote_spanned!(span=> let __otel_attached = #private::attach(&#context););
    let carrying = if let Some((head, body)) = moving_closure(argument.clone()) {
        // Without a label, braces around one expression would be reported.
        let label = matches!(&body[..], [TokenTree::Group(group)] if group.delimiter() == Delimiter::Brace)
            .then(|| quote_spanned!(body[0].span()=> '__otel_body:));
        quote_spanned!(span=> #(#head)* { #attach #label #(#body)* })
    } else {
        // A `move` of ours would capture what the closure borrows.
        quote_spanned! {span=>
            let __otel_closure = #argument;
            let mut __otel_closure = __otel_closure;
            move || { #attach __otel_closure() }
        }
    };
    quote_spanned!(span=> { let #context = #private::context_to_carry(); #carrying })
}

/// `move ||` or `move || -> T`, and the body; `None` for a closure that borrows.
fn moving_closure(argument: TokenStream) -> Option<(Vec<TokenTree>, Vec<TokenTree>)> {
    let mut tokens: Vec<TokenTree> = argument.into_iter().collect();
    match &tokens[..] {
        [TokenTree::Group(group)] => moving_closure(group.stream()),
        [TokenTree::Ident(_move), _, _, rest @ ..] => {
            let has_type = matches!(rest, [minus, arrow, ..] if is_punct(minus, '-') && is_punct(arrow, '>'));
            let body = tokens.split_off(if has_type { tokens.len() - 1 } else { tokens.len() - rest.len() });
            Some((tokens, body))
        }
        _ => None,
    }
}

/// `Box::pin(future)` → `Box::pin(carry(future))`
fn carry_pinned(argument: TokenStream, scope: &Scope<'_>, span: Span) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = argument.into_iter().collect();
    let TokenTree::Group(group) = tokens.pop()? else { return None };
    if group.delimiter() == Delimiter::None {
        return carry_pinned(group.stream(), scope, span);
    }
    let mut inside = Group::new(group.delimiter(), carry_first(group.stream(), Callee::Function, scope, span)?);
    inside.set_span(group.span());
    tokens.push(inside.into());
    Some(tokens.into_iter().collect())
}

impl SpawnedArgument {
    fn of(argument: &TokenStream) -> Self {
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
                if tokens.next().is_none() { Self::Future } else { Self::expression(argument) }
            }
            // `$future:expr` of a macro
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None && tokens.peek().is_none() => {
                Self::of(&group.stream())
            }
            Some(token) if is_punct(&token, '|') => {
                let no_parameters = tokens.next().is_some_and(|token| is_punct(&token, '|'));
                if no_parameters && !is_async { Self::Closure } else { Self::Neither }
            }
            Some(_) => Self::expression(argument),
            None => Self::Neither,
        }
    }

    fn expression(argument: &TokenStream) -> Self {
        let is_inferred =
            |token| matches!(token, TokenTree::Ident(ident) if INFERRED.iter().any(|method| ident == method));
        if argument.clone().into_iter().any(is_inferred) {
            return Self::Other;
        }
        match syn::parse2::<Expr>(argument.clone()) {
            Ok(Expr::Path(path)) => match path.path.get_ident() {
                Some(name) if is_variable(name) => Self::Variable(name.clone()),
                _ => Self::Other,
            },
            Ok(Expr::MethodCall(_)) => Self::Call,
            Ok(Expr::Call(call)) => match &*call.func {
                Expr::Path(function) => {
                    let mut last = function.path.segments.iter().rev().map(|segment| segment.ident.to_string());
                    match (last.next().as_deref(), last.next().as_deref()) {
                        (Some("pin"), Some("Box")) if call.args.len() == 1 => Self::Pinned,
                        // May become a box of another type.
                        (Some("new"), Some("Box")) => Self::Other,
                        _ => Self::Call,
                    }
                }
                _ => Self::Other,
            },
            _ => Self::Other,
        }
    }
}

/// Returns `true` for the name of a variable. Constants and structs are no tasks, and the type of `None` depends on its
/// use.
fn is_variable(ident: &Ident) -> bool {
    !ident.to_string().starts_with(char::is_uppercase)
}
