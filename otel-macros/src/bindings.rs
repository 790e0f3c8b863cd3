//! The names that the parameters of a function introduce.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, FnArg, Pat, PatIdent, ReceiverKind, Signature};

/// A name that a parameter introduces.
pub(crate) struct Binding<'a> {
    pub(crate) ident: Ident,
    /// `true` if the name has a `mut`.
    pub(crate) is_mutable: bool,
    /// `true` if the body may change the variable, or something behind it.
    pub(crate) changes: bool,
    /// The `#[cfg]`s of the parameter. Code that uses the name needs them too (tracing#3320).
    pub(crate) cfgs: Vec<&'a Attribute>,
}

impl Binding<'_> {
    /// Returns `true` if a variable may have this name, and use it.
    pub(crate) fn is_plain(&self) -> bool {
        let name = self.ident.to_string();
        name != "self" && !name.starts_with('_')
    }
}

/// All names, in the order of the signature.
pub(crate) fn of(sig: &Signature) -> Vec<Binding<'_>> {
    let mut found = Vec::new();
    for input in &sig.inputs {
        let (attrs, names) = match input {
            FnArg::Receiver(receiver) => {
                (&receiver.attrs, vec![(Ident::from(receiver.self_token), receiver.mutability.is_some(), true)])
            }
            FnArg::Typed(typed) => {
                let mut names = Vec::new();
                let is_reference = mentions_mut(typed.ty.to_token_stream());
                each(&mut typed.pat.clone(), &mut |found| {
                    let is_mutable = found.mutability.is_some() && found.by_ref.is_none();
                    names.push((found.ident.clone(), is_mutable, is_mutable || is_reference));
                });
                (&typed.attrs, names)
            }
        };
        let cfgs: Vec<&Attribute> = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
        found.extend(names.into_iter().map(|(ident, is_mutable, changes)| Binding {
            ident,
            is_mutable,
            changes,
            cfgs: cfgs.clone(),
        }));
    }
    found
}

/// `&mut self`
pub(crate) fn has_mutable_self(sig: &Signature) -> bool {
    sig.receiver().is_some_and(|receiver| matches!(&receiver.kind, ReceiverKind::Reference(_, _, Some(_))))
}

/// Returns `true` for types with `&mut` in them.
fn mentions_mut(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "mut",
        TokenTree::Group(group) => mentions_mut(group.stream()),
        _ => false,
    })
}

/// Removes the `mut` of these names: variables of the same names change elsewhere.
pub(crate) fn make_immutable(sig: &mut Signature, names: &[Ident]) {
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            each(&mut typed.pat, &mut |found| {
                if found.by_ref.is_none() && names.contains(&found.ident) {
                    found.mutability = None;
                }
            });
        }
    }
}

fn each(pat: &mut Pat, visit: &mut dyn FnMut(&mut PatIdent)) {
    match pat {
        Pat::Ident(pat) => {
            visit(pat);
            if let Some((_, inner)) = &mut pat.subpat {
                each(inner, visit);
            }
        }
        Pat::Paren(pat) => each(&mut pat.pat, visit),
        Pat::Reference(pat) => each(&mut pat.pat, visit),
        Pat::Tuple(pat) => pat.elems.iter_mut().for_each(|pat| each(pat, visit)),
        Pat::TupleStruct(pat) => pat.elems.iter_mut().for_each(|pat| each(pat, visit)),
        Pat::Slice(pat) => pat.elems.iter_mut().for_each(|pat| each(pat, visit)),
        Pat::Struct(pat) => pat.fields.iter_mut().for_each(|field| each(&mut field.pat, visit)),
        _ => {}
    }
}
