//! Types in signatures.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, PathArguments, PathSegment, ReturnType, Signature, Type, parse_quote_spanned, spanned::Spanned,
};

use crate::spans::generated;

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
            // `impl Trait` also occurs in deeper places, such as `Box<dyn Iterator<Item = impl Trait>>`.
            if mentions(erased.to_token_stream(), &["impl"]) { infer(ty.span()) } else { erased }
        }
    }
}

/// Returns `true` if a reference or a lifetime stands in the type, so that the value may borrow from parameters.
pub(crate) fn mentions_lifetime(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Punct(punct) => matches!(punct.as_char(), '&' | '\''),
        TokenTree::Group(group) => mentions_lifetime(group.stream()),
        _ => false,
    })
}

/// Returns `true` for the `App<..>` of actix-web: its parameter is an `impl ServiceFactory` or `AppEntry`, or has such a
/// bound.
pub(crate) fn returns_app(sig: &Signature) -> bool {
    let ReturnType::Type(_, ty) = &sig.output else { return false };
    let is_app = last_segment(plain(ty)).is_some_and(|last| last.ident == "App" && !last.arguments.is_empty());
    is_app && mentions(sig.to_token_stream(), &["ServiceFactory", "AppEntry"])
}

fn mentions(tokens: TokenStream, names: &[&str]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.iter().any(|name| ident == name),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

/// Returns `true` if `impl Trait` stands anywhere in the type.
pub(crate) fn has_impl_trait(ty: &Type) -> bool {
    let mut erased = ty.clone();
    erase_impl_trait(&mut erased)
}

/// The type without parentheses and the invisible groups that macros leave.
pub(crate) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        ty => ty,
    }
}

/// Returns `true` for the names of the numbers, `bool` and `char`.
pub(crate) fn is_primitive(name: &Ident) -> bool {
    const PRIMITIVES: [&str; 16] = [
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
        "usize",
    ];
    PRIMITIVES.iter().any(|primitive| name == primitive)
}

/// `Result<..>` of `std::io::Result<..>`
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    if let Type::Path(path) = ty { path.path.segments.last() } else { None }
}

/// Replaces every `impl Trait` by `_`. Returns `true` if there was one.
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

fn infer(span: Span) -> Type {
    parse_quote_spanned!(span=> _)
}
