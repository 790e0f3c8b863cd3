//! The body of a function inside an `async` block or a closure.
//!
//! Blocks and closures that move capture only the used parts of a variable. Without the whole parameter, a change of
//! `guard.done` would be a change of a copy that the parameter's `drop` does not see, and parts would be dropped in
//! another order than the parameters of the plain function.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::{Signature, Type};

use crate::{
    bindings::{self, Binding},
    item::{Body, Function},
    signature,
    spans::generated,
};

/// ```text
/// async move { let _ = &second; let _ = &first; HINT BEFORE BODY }
/// ```
///
/// The block drops what it captured in the order of these statements, which is that of the plain function. If a part of a
/// parameter changes, that parameter becomes a variable of the block, and so do all behind it: a part that is captured
/// would be reported as never read.
pub(super) fn async_block(function: &mut Function, before: &TokenStream) -> TokenStream {
    let Some(body) = function.body.clone() else { return TokenStream::new() };
    let at = generated(function.name_span());
    let hint = type_hint(&function.sig);
    let used = used(&function.sig, &body);
    let changes =
        |binding: &Binding<'_>| !binding.is_self() && binding.may_have_parts && body.assigns_behind(&binding.ident);
    let (captured, variables) = used.split_at(used.iter().position(changes).unwrap_or(used.len()));
    let captured: TokenStream = captured.iter().rev().map(captured_whole).collect();
    let (variables, names) = variables_of(variables);
    let (allow, block) = (allow_assignments(&used, &body), body.block());
    let block = quote_spanned!(at=> #allow async move { #captured #variables #hint #before #block });
    bindings::make_immutable(&mut function.sig, &names);
    block
}

/// A closure that is called once. It borrows the parameters, which are dropped in the order of the plain function, unless
/// they have to move in:
///
/// - the returned value may borrow from a parameter that is itself a reference;
/// - a parameter that changes may become a reference into itself: `buffer = &mut buffer[1..]`;
/// - lints treat a place behind a reference that the closure borrows as a variable: two values assigned to `*count` are
///   "never read".
///
/// A parameter that moves in becomes a variable of the closure, and so do all parameters behind it: they are dropped first.
pub(super) fn closure(function: &mut Function) -> TokenStream {
    let Some(body) = function.body.clone() else { return TokenStream::new() };
    let at = generated(function.name_span());
    let output = signature::output_type(&function.sig);
    let used = used(&function.sig, &body);
    let changes = |binding: &Binding<'_>| binding.changes || body.assigns_behind(&binding.ident);
    let first = used.iter().position(changes).unwrap_or(used.len());
    // `self` cannot become a variable.
    let moves_self = used.get(first).is_some_and(Binding::is_self);
    if moves_self || signature::mentions_lifetime(output.to_token_stream()) {
        return moving_closure(function);
    }
    let (variables, names) = variables_of(&used[first..]);
    let block = body.block_behind(&variables);
    let closure = quote_spanned!(at=> || -> #output #block);
    bindings::make_immutable(&mut function.sig, &names);
    closure
}

/// A closure that is called once, and into which all parameters move.
pub(super) fn moving_closure(function: &mut Function) -> TokenStream {
    let Some(body) = function.body.clone() else { return TokenStream::new() };
    let at = generated(function.name_span());
    let output = signature::output_type(&function.sig);
    let used = used(&function.sig, &body);
    let mut before = used.first().filter(|first| first.is_self()).map(captured_whole).unwrap_or_default();
    let (variables, names) = variables_of(&used);
    before.extend(variables);
    let (allow, block) = (allow_assignments(&used, &body), body.block_behind(&before));
    let closure = quote_spanned!(at=> #allow move || -> #output #block);
    bindings::make_immutable(&mut function.sig, &names);
    closure
}

/// The parameters that the body uses. A name with an underscore may stand for a value that is kept for its `drop`.
fn used<'a>(sig: &'a Signature, body: &Body) -> Vec<Binding<'a>> {
    let mut names = bindings::of(sig);
    names.retain(|binding| is_underscored(&binding.ident) || body.mentions(&binding.ident));
    names
}

fn is_underscored(name: &Ident) -> bool {
    name.to_string().starts_with('_')
}

/// A statement that makes a block or closure capture the whole parameter.
fn captured_whole(binding: &Binding<'_>) -> TokenStream {
    let Binding { ident, cfgs, may_have_parts, .. } = binding;
    if !may_have_parts {
        return TokenStream::new();
    }
    let at = generated(ident.span());
    let allow = is_underscored(ident).then(|| quote_spanned!(at=> #[allow(clippy::used_underscore_binding)]));
    quote_spanned!(at=> #(#cfgs)* #allow let _ = &#ident;)
}

/// Statements that make variables of parameters, and the names of these variables. `self` cannot become one, and a
/// reference or number that does not change need not.
fn variables_of(parameters: &[Binding<'_>]) -> (TokenStream, Vec<Ident>) {
    let parameters =
        parameters.iter().filter(|binding| !binding.is_self() && (binding.changes || binding.may_have_parts));
    let variable = |Binding { ident, is_mutable, cfgs, .. }: &Binding<'_>| {
        let at = generated(ident.span());
        let mutability = is_mutable.then(|| quote_spanned!(ident.span()=> mut));
        let underscore = is_underscored(ident)
            .then(|| quote_spanned!(at=> , clippy::no_effect_underscore_binding, clippy::used_underscore_binding));
        quote_spanned! {at=>
            #(#cfgs)*
            #[allow(clippy::shadow_same #underscore)]
            let #mutability #ident = #ident;
        }
    };
    (parameters.clone().map(variable).collect(), parameters.map(|binding| binding.ident.clone()).collect())
}

/// A part of `self` that changes and is not read again would be reported: for that lint, a captured value has no `drop`.
fn allow_assignments(used: &[Binding<'_>], body: &Body) -> Option<TokenStream> {
    let is_reported =
        |first: &&Binding<'_>| first.is_self() && first.may_have_parts && body.assigns_behind(&first.ident);
    used.first()
        .filter(is_reported)
        .map(|first| quote_spanned!(generated(first.ident.span())=> #[allow(unused_assignments)]))
}

/// A statement that gives an `async` block its return type, so that a mismatch is reported at the same place as without
/// the attribute, and coercions still happen:
///
/// ```text
/// if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<R> { return __otel_output; }
/// ```
///
/// Unlike `if false { return loop {}; }` it needs no `#[allow]`, which would reach into the user's code.
pub(super) fn type_hint(sig: &Signature) -> TokenStream {
    let output = signature::output_type(sig);
    if matches!(output, Type::Infer(_) | Type::Never(_)) {
        return TokenStream::new();
    }
    let span = match &sig.output {
        syn::ReturnType::Type(_, ty) => syn::spanned::Spanned::span(ty),
        syn::ReturnType::Default => sig.ident.span(),
    };
    quote_spanned! {generated(span)=>
        if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<#output> {
            return __otel_output;
        }
    }
}
