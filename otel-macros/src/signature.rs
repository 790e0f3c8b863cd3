//! What a signature tells about the value that comes back.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, PathArguments, ReturnType, Signature, Token, Type, TypeParamBound, parse_quote_spanned,
    punctuated::Punctuated, spanned::Spanned,
};

use crate::spans::generated;

/// How the outcome of a function shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Returns {
    /// `-> !`
    Never,
    /// Nothing, or `()`.
    Unit,
    /// A path that ends in `..Result`.
    Result,
    /// `impl Future`, or a boxed one.
    Future { boxed: bool },
    /// Anything else. By its looks it may still be an alias of a `Result`.
    Other,
}

impl Returns {
    pub(crate) fn of(sig: &Signature) -> Self {
        let ReturnType::Type(_, ty) = &sig.output else { return Self::Unit };
        match plain(ty) {
            Type::Never(_) => Self::Never,
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::ImplTrait(ty) if is_future(&ty.bounds) => Self::Future { boxed: false },
            ty if is_boxed_future(ty) => Self::Future { boxed: true },
            ty if last_segment_is(ty, |name| name.ends_with("Result")) => Self::Result,
            _ => Self::Other,
        }
    }
}

/// The declared return type where a type may be written: `impl Trait` becomes `_`, nothing becomes `()`.
pub(crate) fn output_type(sig: &Signature) -> Type {
    match &sig.output {
        ReturnType::Default => {
            let span = generated(sig.ident.span());
            parse_quote_spanned!(span=> ())
        }
        ReturnType::Type(_, ty) => {
            let mut erased = (**ty).clone();
            erase_impl_trait(&mut erased);
            // In places where it is not looked for, such as `Box<dyn Iterator<Item = impl Trait>>`.
            if mentions_impl(erased.to_token_stream()) { infer(ty.span()) } else { erased }
        }
    }
}

/// Whether the type is written with a lifetime or a reference, so that the value may borrow from parameters.
pub(crate) fn borrows(ty: &Type) -> bool {
    match ty {
        Type::Reference(_) => true,
        Type::Tuple(tuple) => tuple.elems.iter().any(borrows),
        Type::Array(array) => borrows(&array.elem),
        Type::Group(group) => borrows(&group.elem),
        Type::Paren(paren) => borrows(&paren.elem),
        Type::TraitObject(object) => object.bounds.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(_))),
        Type::Path(path) => path.path.segments.iter().any(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(list) => list.args.iter().any(|argument| match argument {
                GenericArgument::Lifetime(_) => true,
                GenericArgument::Type(ty) => borrows(ty),
                _ => false,
            }),
            _ => false,
        }),
        _ => false,
    }
}

/// `App<..>`, by whatever path. That of actix-web has a parameter; an `App` without is the user's own.
pub(crate) fn is_app(ty: &Type) -> bool {
    let Type::Path(path) = plain(ty) else { return false };
    path.path
        .segments
        .last()
        .is_some_and(|last| last.ident == "App" && matches!(last.arguments, PathArguments::AngleBracketed(_)))
}

/// Whether `impl Trait` stands anywhere in the type.
pub(crate) fn has_impl_trait(ty: &Type) -> bool {
    let mut erased = ty.clone();
    erase_impl_trait(&mut erased)
}

fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        ty => ty,
    }
}

fn last_segment_is(ty: &Type, test: impl FnOnce(&str) -> bool) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| test(&last.ident.to_string())))
}

/// A future, and nothing that one around it would not be too: `impl Future + Clone` stays as it is.
fn is_future(bounds: &Punctuated<TypeParamBound, Token![+]>) -> bool {
    let mut names = bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    });
    names.clone().any(|name| name == "Future")
        && names.all(|name| ["Future", "Send", "Sync", "Unpin"].contains(&name.as_str()))
}

/// `Pin<Box<dyn Future>>`, and the aliases of the futures crate.
fn is_boxed_future(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" {
        return true;
    }
    let inner = |segment: &syn::PathSegment| match &segment.arguments {
        PathArguments::AngleBracketed(generics) => generics.args.iter().find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(plain(ty).clone()),
            _ => None,
        }),
        _ => None,
    };
    let is_box = |ty: &Type| last_segment_is(ty, |name| name == "Box");
    last.ident == "Pin"
        && inner(last).filter(is_box).is_some_and(|boxed| match boxed {
            Type::Path(path) => path
                .path
                .segments
                .last()
                .and_then(inner)
                .is_some_and(|ty| matches!(ty, Type::TraitObject(object) if is_future(&object.bounds))),
            _ => false,
        })
}

/// Replaces every `impl Trait` by `_`; says whether there was one.
fn erase_impl_trait(ty: &mut Type) -> bool {
    match ty {
        Type::ImplTrait(found) => {
            let span = found.impl_token.span;
            *ty = infer(span);
            true
        }
        Type::Array(ty) => erase_impl_trait(&mut ty.elem),
        Type::Group(ty) => erase_impl_trait(&mut ty.elem),
        Type::Paren(ty) => erase_impl_trait(&mut ty.elem),
        Type::Ptr(ty) => erase_impl_trait(&mut ty.elem),
        Type::Reference(ty) => erase_impl_trait(&mut ty.elem),
        Type::Slice(ty) => erase_impl_trait(&mut ty.elem),
        Type::Tuple(ty) => ty.elems.iter_mut().fold(false, |found, ty| erase_impl_trait(ty) | found),
        Type::Path(path) => path.path.segments.iter_mut().fold(false, |found, segment| {
            let PathArguments::AngleBracketed(list) = &mut segment.arguments else { return found };
            list.args.iter_mut().fold(found, |found, argument| match argument {
                GenericArgument::Type(ty) => erase_impl_trait(ty) | found,
                _ => found,
            })
        }),
        _ => false,
    }
}

fn mentions_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "impl",
        TokenTree::Group(group) => mentions_impl(group.stream()),
        _ => false,
    })
}

fn infer(span: Span) -> Type {
    parse_quote_spanned!(span=> _)
}
