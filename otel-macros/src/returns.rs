//! The kind of value that a function returns, by the type in its signature.

use proc_macro2::{Ident, TokenTree};
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
                (Some(boxed), _) if boxed.is_bounded || may_be_boxed_again(ty, sig, short_lived) => {
                    Self::Future(boxed.form)
                }
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

/// Returns `true` for a function that returns a boxed future.
pub(crate) fn is_boxed_future(sig: &Signature) -> bool {
    matches!(&sig.output, ReturnType::Type(_, ty) if boxed_future(plain(ty)).is_some())
}

struct BoxedFuture {
    form: FutureForm,
    /// `true` if a lifetime of the signature bounds the future: `dyn Future + 'a`, `BoxFuture<'_, T>`.
    is_bounded: bool,
}

/// `Pin<Box<dyn Future>>`, and the names of the aliases of the futures crate.
fn boxed_future(ty: &Type) -> Option<BoxedFuture> {
    let last = last_segment(ty)?;
    if last.ident == "BoxFuture" || last.ident == "LocalBoxFuture" {
        let is_bounded = matches!(&last.arguments, PathArguments::AngleBracketed(generics)
            if matches!(generics.args.first(), Some(GenericArgument::Lifetime(lifetime)) if lifetime.ident != "static"));
        return Some(BoxedFuture { form: FutureForm::ByName, is_bounded });
    }
    let boxed = last_segment(type_argument(last).filter(|_| last.ident == "Pin")?)?;
    match type_argument(boxed).filter(|_| boxed.ident == "Box")? {
        Type::TraitObject(object) if is_future(&object.bounds) => {
            let is_short = |bound: &TypeParamBound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident != "static");
            Some(BoxedFuture { form: FutureForm::Yes, is_bounded: object.bounds.iter().any(is_short) })
        }
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

/// Returns `true` if the box of a future without a lifetime may go into a second one, together with its span.
///
/// `dyn Future<Output = U>` lives for `'static`, but a box in a box does so only if `U` does as well (E0310). So neither a
/// lifetime nor a type parameter that need not be `'static` may be part of the type. If the `impl` around a method is not
/// visible, any name that may be that of a parameter counts as one; without `self`, only a name of one letter, because most
/// such functions stand in no `impl`.
fn may_be_boxed_again(ty: &Type, sig: &Signature, short_lived: Option<&[Ident]>) -> bool {
    let of_function = short_lived_parameters(&sig.generics);
    let is_static = |name: &Ident| declares_type(&sig.generics, name) && !of_function.contains(name);
    let may_be_parameter = |name: &Ident| match short_lived {
        Some(around) => around.contains(name),
        None => !is_static(name) && (sig.receiver().is_some() || is_one_letter(name)),
    };
    let is_short_lived = |name: &Ident| name == "Self" || of_function.contains(name) || may_be_parameter(name);
    let tokens: Vec<TokenTree> = ty.to_token_stream().into_iter().collect();
    !has_short_lifetime(&tokens) && !mentions_parameter(&tokens, &is_short_lived)
}

/// Returns `true` for a reference or a lifetime other than `'static`.
fn has_short_lifetime(tokens: &[TokenTree]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => has_short_lifetime(&group.stream().into_iter().collect::<Vec<_>>()),
        TokenTree::Punct(punct) if punct.as_char() == '&' => !is_punct_at(tokens, at + 1, '\''),
        TokenTree::Punct(punct) if punct.as_char() == '\'' => {
            !matches!(tokens.get(at + 1), Some(TokenTree::Ident(name)) if name == "static")
        }
        _ => false,
    })
}

/// Returns `true` if such a name stands where a type parameter can stand: a parameter is written in upper case, has no
/// arguments, and is not behind `::`.
fn mentions_parameter(tokens: &[TokenTree], is_meant: &dyn Fn(&Ident) -> bool) -> bool {
    const NO_PARAMETERS: [&str; 4] = ["Send", "Sync", "Unpin", "String"];
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => mentions_parameter(&group.stream().into_iter().collect::<Vec<_>>(), is_meant),
        TokenTree::Ident(name) => {
            let is_known = NO_PARAMETERS.iter().any(|known| name == known);
            let is_member = at.checked_sub(1).is_some_and(|before| is_punct_at(tokens, before, ':'));
            // `Vec<..>`, and `Output = ..`
            let is_other = is_punct_at(tokens, at + 1, '<') || is_punct_at(tokens, at + 1, '=');
            let is_upper = name.to_string().starts_with(char::is_uppercase);
            is_upper && !is_known && !is_member && !is_other && is_meant(name)
        }
        _ => false,
    })
}

fn is_punct_at(tokens: &[TokenTree], at: usize, character: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == character)
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
