//! The kind of value that a function returns, by the type in its signature.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    GenericArgument, GenericParam, Generics, PathArguments, PathSegment, ReturnType, Signature, Token, Type,
    TypeParamBound, WherePredicate, punctuated::Punctuated,
};

use crate::signature::{last_segment, plain};

/// The kind of a returned value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReturnKind {
    /// `-> !`
    Never,
    /// Nothing, or `()`.
    Unit,
    /// A path that ends in `..Result`.
    Result,
    /// A future whose span can last as long as the future.
    Future(FutureForm),
    /// Anything else. It may be an alias of a `Result`.
    Other,
}

/// The form of a returned future.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FutureForm {
    /// `impl Future`
    No,
    /// `Pin<Box<dyn Future>>`
    Yes,
    /// `BoxFuture` or `LocalBoxFuture`, by its name. The compiler finds out the type of the value.
    ByName,
}

impl ReturnKind {
    /// `short_lived` are the type parameters of the `impl` or `trait` around the function that need not be `'static`;
    /// `None` if that cannot be seen.
    pub(crate) fn of(sig: &Signature, short_lived: Option<&[Ident]>) -> Self {
        let ReturnType::Type(_, ty) = &sig.output else { return Self::Unit };
        let ty = plain(ty);
        match ty {
            Type::Never(_) => Self::Never,
            Type::Tuple(tuple) if tuple.elems.is_empty() => Self::Unit,
            Type::ImplTrait(ty) if is_future(&ty.bounds) => Self::Future(FutureForm::No),
            ty => match (boxed_future(ty), last_segment(ty)) {
                (Some(boxed), _) if may_be_boxed_again(ty, sig, short_lived) => Self::Future(boxed),
                (None, Some(last)) if last.ident.to_string().ends_with("Result") => Self::Result,
                _ => Self::Other,
            },
        }
    }
}

/// Returns `true` for a future to which a span can be added: `impl Future + Clone` has more than a future's methods.
fn is_future(bounds: &Punctuated<TypeParamBound, Token![+]>) -> bool {
    let mut names = bounds.iter().filter_map(|bound| match bound {
        TypeParamBound::Trait(bound) => bound.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    });
    names.clone().any(|name| name == "Future")
        && names.all(|name| ["Future", "Send", "Sync", "Unpin"].contains(&name.as_str()))
}

/// `Pin<Box<dyn Future>>`, and the names of the aliases of the futures crate.
fn boxed_future(ty: &Type) -> Option<FutureForm> {
    let last = last_segment(ty)?;
    if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" {
        return Some(FutureForm::ByName);
    }
    let boxed = last_segment(type_argument(last).filter(|_| last.ident == "Pin")?)?;
    match type_argument(boxed).filter(|_| boxed.ident == "Box")? {
        Type::TraitObject(object) if is_future(&object.bounds) => Some(FutureForm::Yes),
        _ => None,
    }
}

fn type_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(generics) = &segment.arguments else { return None };
    generics
        .args
        .iter()
        .find_map(|argument| if let GenericArgument::Type(ty) = argument { Some(plain(ty)) } else { None })
}

/// Returns `true` if the box of a future may go into a second one, together with its span.
///
/// `dyn Future<Output = U>` lives for `'static`, but a box in a box does so only if `U` does as well (E0310). If a
/// lifetime is written, `U` outlives it; otherwise no type parameter may be part of the type. In a method of an `impl`
/// that is not visible, a name of one letter counts as such a parameter, and so does any `Self::Type`.
fn may_be_boxed_again(ty: &Type, sig: &Signature, short_lived: Option<&[Ident]>) -> bool {
    let tokens = ty.to_token_stream();
    if has_short_lifetime(tokens.clone()) {
        return true;
    }
    let of_function = short_lived_parameters(&sig.generics);
    let is_static = |name: &Ident| declares_type(&sig.generics, name) && !of_function.contains(name);
    !mentions_type(tokens, &|name| {
        name == "Self"
            || of_function.contains(name)
            || short_lived.map_or_else(|| is_one_letter(name) && !is_static(name), |of_impl| of_impl.contains(name))
    })
}

/// `'a` or `'_`, and not `'static`
fn has_short_lifetime(tokens: TokenStream) -> bool {
    let mut after_quote = false;
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => std::mem::take(&mut after_quote) && ident != "static",
        TokenTree::Group(group) => has_short_lifetime(group.stream()),
        TokenTree::Punct(punct) => {
            after_quote = punct.as_char() == '\'';
            false
        }
        TokenTree::Literal(_) => false,
    })
}

fn mentions_type(tokens: TokenStream, is_meant: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => is_meant(&ident),
        TokenTree::Group(group) => mentions_type(group.stream(), is_meant),
        _ => false,
    })
}

/// `T`, `E2`
fn is_one_letter(name: &Ident) -> bool {
    let name = name.to_string();
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name[1..].chars().all(|rest| rest.is_ascii_digit())
}

fn declares_type(generics: &Generics, name: &Ident) -> bool {
    generics.type_params().any(|parameter| parameter.ident == *name)
}

/// The type parameters that need not be `'static`.
pub(crate) fn short_lived_parameters(generics: &Generics) -> Vec<Ident> {
    let is_static = |bounds: &Punctuated<TypeParamBound, Token![+]>| {
        bounds.iter().any(|bound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static"))
    };
    let predicates = || generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let is_static_by_clause = |name: &Ident| {
        predicates().any(|predicate| match predicate {
            WherePredicate::Type(predicate) => {
                last_segment(&predicate.bounded_ty).is_some_and(|last| last.ident == *name)
                    && is_static(&predicate.bounds)
            }
            _ => false,
        })
    };
    let short_lived = generics.params.iter().filter_map(|parameter| match parameter {
        GenericParam::Type(parameter) if !is_static(&parameter.bounds) => Some(&parameter.ident),
        _ => None,
    });
    short_lived.filter(|name| !is_static_by_clause(name)).cloned().collect()
}
