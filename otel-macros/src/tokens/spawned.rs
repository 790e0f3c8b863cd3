//! The argument of a call that spawns, by its tokens.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;
use syn::Expr;

use super::{arguments::first_argument, path::is_punct};
use crate::spans::generated;

/// Methods whose type depends on the place where their value goes: `scene.spawn(name.into())`.
const INFERRED: [&str; 7] = ["into", "try_into", "collect", "parse", "sum", "product", "default"];

enum SpawnedArgument {
    /// `async { .. }`
    Future,
    /// `|| ..`
    Closure,
    /// `Box::pin(..)`: its argument is wrapped, so that the box may become one of `dyn Future`.
    Pinned,
    /// A variable: the compiler knows its type.
    Variable,
    /// A call: the compiler knows the type of its value.
    Call,
    /// Any other expression.
    Other,
    /// A closure with parameters, or nothing.
    Neither,
}

/// Wraps the first of the arguments; `None` leaves them alone.
pub(super) fn carry_first(
    arguments: TokenStream,
    method: bool,
    private: &TokenStream,
    at: Span,
) -> Option<TokenStream> {
    let (argument, rest) = first_argument(arguments)?;
    let argument = carry(argument, method, private, generated(at))?;
    Some(argument.into_iter().chain(rest).collect())
}

fn carry(argument: TokenStream, method: bool, private: &TokenStream, span: Span) -> Option<TokenStream> {
    let uses = quote_spanned! {span=>
        use #private::{CarryAny as _, CarryBoxed as _, CarryClosure as _, CarryFuture as _};
    };
    Some(match SpawnedArgument::of(&argument) {
        SpawnedArgument::Future => quote_spanned!(span=> #private::carry(#argument)),
        SpawnedArgument::Closure => quote_spanned!(span=> #private::carry_fn(#argument)),
        SpawnedArgument::Pinned => return carry_pinned(argument, private, span),
        // Not moved to a variable of ours: as an argument of a method it may be borrowed again, or coerced. In an
        // `async` caller this borrow would last to its end, so functions, which take only tasks, get the other form.
        SpawnedArgument::Variable if method => quote_spanned! {span=> {
            #uses
            let __otel_kind = (&&&&&#private::Passed(&#argument)).__otel_kind();
            __otel_kind.carry(#argument)
        }},
        SpawnedArgument::Other if method => return None,
        // No `let`: temporaries from which the value borrows live as long as the call.
        SpawnedArgument::Variable | SpawnedArgument::Call | SpawnedArgument::Other => quote_spanned! {span=>
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

/// `Box::pin(future)` → `Box::pin(carry(future))`
fn carry_pinned(argument: TokenStream, private: &TokenStream, span: Span) -> Option<TokenStream> {
    let mut tokens: Vec<TokenTree> = argument.into_iter().collect();
    let TokenTree::Group(group) = tokens.pop()? else { return None };
    if group.delimiter() == Delimiter::None {
        return carry_pinned(group.stream(), private, span);
    }
    let mut inside = Group::new(group.delimiter(), carry_first(group.stream(), false, private, span)?);
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
            Ok(Expr::Path(path)) if path.path.get_ident().is_some_and(is_variable) => Self::Variable,
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
