//! `impl` blocks, traits and inline modules: every function inside is expanded as if it was annotated itself.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Meta};

use super::{Surroundings, allow_unfulfilled, expand_function};
use crate::{
    args::{Args, Target},
    classify::classify,
    diagnostics::Diagnostics,
    item::{Container, Context, Function, Member},
    signature,
};

/// Methods of traits that describe a type rather than do the program's work. Spans for each `fmt` or `clone` would drown the
/// others.
const TRIVIAL: [&str; 20] = [
    "fmt",
    "drop",
    "eq",
    "ne",
    "cmp",
    "partial_cmp",
    "lt",
    "le",
    "gt",
    "ge",
    "hash",
    "clone",
    "clone_from",
    "deref",
    "deref_mut",
    "as_ref",
    "as_mut",
    "borrow",
    "borrow_mut",
    "default",
];

/// The last segment of our attribute's path, under any import.
const OURS: &str = "auto_instrument";

/// Expands a container that has the attribute.
///
/// ```text
/// // Input:
/// #[auto_instrument(ret)]
/// impl Cart {
///     fn total(&self) -> u32 { .. }
///     #[auto_instrument(skip)]
///     fn items(&self) -> &[Item] { .. }
/// }
/// // Output: `total` as `#[auto_instrument(ret)]` on it would leave it, and `items` without its attribute
/// ```
pub(crate) fn expand(container: Container, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    args.check(Target::Container, diagnostics);
    instrument(container, args)
}

/// Expands the members; the head of the container stays token by token as the user wrote it.
fn instrument(mut container: Container, args: &Args) -> TokenStream {
    let members = std::mem::take(&mut container.members);
    allow_unfulfilled(&mut container.attrs);
    let context = &container.context;
    let members: Vec<TokenStream> = members
        .into_iter()
        .map(|member| match member {
            Member::Other(tokens) => tokens,
            Member::Function(found) => function(*found, context, args),
            Member::Container(inner) => nested(inner, args),
        })
        .collect();
    container.with_members(members)
}

/// A container within the container. Its own attribute is added to the arguments from outside; modules for tests stay as they
/// are.
fn nested(mut container: Container, args: &Args) -> TokenStream {
    let own = own_args(&mut container.attrs, args, |own, problems| own.check(Target::Container, problems));
    match own {
        Some(own) if !is_test_only(&container.attrs) => instrument(container, &own),
        _ => Member::Container(container).into_tokens(),
    }
}

/// A function within the container. An attribute of its own always counts, even on a function that would otherwise be left
/// alone. A mistake is reported at the function, so that its siblings keep their spans.
fn function(mut function: Function, context: &Context, args: &Args) -> TokenStream {
    let annotated = function.attrs.iter().any(is_ours);
    let Some(own) = own_args(&mut function.attrs, args, |_, _| ()) else {
        return function.into_token_stream();
    };
    let place = Surroundings {
        within: context.name(),
        short_lived: Some(context.short_lived()),
        is_nested: true,
        below_route: false,
    };
    if !annotated && is_left_alone(&function, context, &own, &place) {
        return function.into_token_stream();
    }
    let mut problems = Diagnostics::default();
    let expansion = expand_function(function.clone(), &own, &place, &mut problems);
    if problems.is_empty() { expansion } else { problems.attach_to(&function.into_token_stream()) }
}

/// Returns `true` for a function that would fail, or do harm, if it was annotated itself: it gets no span.
fn is_left_alone(function: &Function, context: &Context, args: &Args, place: &Surroundings<'_>) -> bool {
    let name = function.sig.ident.to_string();
    let is_trivial = matches!(context, Context::Impl { is_trait: true, .. }) && TRIVIAL.contains(&name.as_str());
    let is_plain_app = classify(function, args, place) == Target::App
        && matches!(&function.sig.output, syn::ReturnType::Type(_, ty) if !signature::has_impl_trait(ty));
    function.body.is_none()
        || function.sig.constness.is_some()
        || is_trivial
        || is_plain_app
        || is_test_only(&function.attrs)
}

/// Takes our attribute off the item and returns its arguments, with the container's as defaults. `None` leaves the item
/// alone: it has `skip`, or its attribute is wrong or conditional, and stays there to be expanded by itself.
fn own_args(attrs: &mut Vec<Attribute>, args: &Args, check: fn(&Args, &mut Diagnostics)) -> Option<Args> {
    if attrs.iter().any(is_ours_on_condition) {
        return None;
    }
    let mut own = args.inherited();
    let mut problems = Diagnostics::default();
    for attr in attrs.iter().filter(|attr| is_ours(attr)) {
        if let Meta::List(list) = &attr.meta {
            own = own.read(list.tokens.clone(), &mut problems);
        }
    }
    check(&own, &mut problems);
    if !problems.is_empty() {
        return None;
    }
    attrs.retain(|attr| !is_ours(attr));
    (!own.skip).then_some(own)
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == OURS)
}

/// `#[cfg_attr(.., auto_instrument(..))]`
fn is_ours_on_condition(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg_attr")
        && attr.meta.require_list().is_ok_and(|list| {
            list.tokens.clone().into_iter().any(|token| matches!(token, TokenTree::Ident(ident) if ident == OURS))
        })
}

/// `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[bench]`, `#[cfg(test)]`
fn is_test_only(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| {
        let Some(last) = attr.path().segments.last() else { return false };
        match &attr.meta {
            Meta::List(meta) if last.ident == "cfg" => meta.tokens.to_string() == "test",
            _ => ["test", "rstest", "test_case", "bench", "proptest"].iter().any(|name| last.ident == name),
        }
    })
}

impl Member {
    fn into_tokens(self) -> TokenStream {
        match self {
            Self::Other(tokens) => tokens,
            Self::Function(function) => function.into_token_stream(),
            Self::Container(mut container) => {
                let members = std::mem::take(&mut container.members);
                container.with_members(members.into_iter().map(Self::into_tokens))
            }
        }
    }
}
