//! `impl` blocks, traits and inline modules: every function inside, as if annotated itself.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, Meta};

use super::{Place, expand_function};
use crate::{
    args::{Args, Target},
    classify::classify,
    diagnostics::Diagnostics,
    item::{Container, Context, Function, Member},
    signature,
};

/// Methods that say what a type is, not what the program does. A span for each `fmt` or `clone` would drown the rest.
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

pub(crate) fn expand(container: Container, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    args.check(Target::Container, diagnostics);
    members(container, args, diagnostics)
}

fn members(mut container: Container, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    let members = std::mem::take(&mut container.members);
    let members: Vec<TokenStream> = members
        .into_iter()
        .map(|found| match found {
            Member::Other(tokens) => tokens,
            Member::Function(function) => member(*function, &container.context, args, diagnostics),
            Member::Container(mut inner) => match own_args(&mut inner.attrs, args, diagnostics) {
                _ if is_test_only(&inner.attrs) => {
                    let members = std::mem::take(&mut inner.members);
                    inner.with_members(members.into_iter().map(Member::into_tokens))
                }
                Own::Skip => {
                    let members = std::mem::take(&mut inner.members);
                    inner.with_members(members.into_iter().map(Member::into_tokens))
                }
                Own::Args(own) => {
                    own.check(Target::Container, diagnostics);
                    self::members(inner, &own, diagnostics)
                }
            },
        })
        .collect();
    container.with_members(members)
}

fn member(mut function: Function, context: &Context, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    let annotated = function.attrs.iter().any(is_ours);
    let Own::Args(own) = own_args(&mut function.attrs, args, diagnostics) else {
        return function.into_token_stream();
    };
    if !annotated && is_left_alone(&function, context, &own) {
        return function.into_token_stream();
    }
    let mut problems = Diagnostics::default();
    let place = Place { within: context.name(), below_route: false };
    let expansion = expand_function(function.clone(), &own, &place, &mut problems);
    if problems.is_empty() { expansion } else { problems.attach_to(&function.into_token_stream()) }
}

/// What would be an error on a function that is annotated itself is passed over in silence here.
fn is_left_alone(function: &Function, context: &Context, args: &Args) -> bool {
    let name = function.sig.ident.to_string();
    let is_trivial = matches!(context, Context::Impl { is_trait: true, .. }) && TRIVIAL.contains(&name.as_str());
    let is_plain_app = classify(function, args, false) == Target::App
        && matches!(&function.sig.output, syn::ReturnType::Type(_, ty) if !signature::has_impl_trait(ty));
    function.body.is_none()
        || function.sig.constness.is_some()
        || is_trivial
        || is_plain_app
        || is_test_only(&function.attrs)
        || (name == "main"
            && classify(function, args, false) == Target::Main
            && !crate::classify::builds_server(function, args))
}

/// What the item's own `#[auto_instrument(..)]` says.
enum Own {
    Skip,
    Args(Box<Args>),
}

/// Takes our attribute off the item: it is expanded here, with what the container hands down.
fn own_args(attrs: &mut Vec<Attribute>, args: &Args, diagnostics: &mut Diagnostics) -> Own {
    let mut own = args.inherited();
    for attr in attrs.extract_if(.., |attr| is_ours(attr)) {
        if let Meta::List(list) = attr.meta {
            own = own.read(list.tokens, diagnostics);
        }
    }
    if own.skip { Own::Skip } else { Own::Args(Box::new(own)) }
}

fn is_ours(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "auto_instrument")
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
