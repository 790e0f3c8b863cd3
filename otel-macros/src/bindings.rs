//! The names that the parameters of a function introduce.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, FnArg, Pat, PatIdent, ReceiverKind, Signature, Type};

use crate::signature::{is_primitive, plain};

/// A name that a parameter introduces.
pub(crate) struct Binding<'a> {
    pub(crate) ident: Ident,
    /// `true` if the name has a `mut`.
    pub(crate) is_mutable: bool,
    /// `true` if the signature lets the body change the variable, or something behind it.
    pub(crate) changes: bool,
    /// `true` for a value that may consist of parts, of which a closure captures the used ones.
    pub(crate) may_have_parts: bool,
    /// The `#[cfg]`s of the parameter. Code that uses the name needs them too (tracing#3320).
    pub(crate) cfgs: Vec<&'a Attribute>,
}

impl Binding<'_> {
    pub(crate) fn is_self(&self) -> bool {
        self.ident == "self"
    }
}

/// All names, in the order of the signature.
pub(crate) fn of(sig: &Signature) -> Vec<Binding<'_>> {
    let mut found = Vec::new();
    for input in &sig.inputs {
        let first = found.len();
        let attrs = match input {
            FnArg::Receiver(receiver) => {
                let may_have_parts = !matches!(&receiver.kind, ReceiverKind::Reference(..));
                let (ident, changes) = (Ident::from(receiver.self_token), mentions_mut(receiver.to_token_stream()));
                let is_mutable = receiver.mutability.is_some();
                found.push(Binding { ident, is_mutable, changes, may_have_parts, cfgs: Vec::new() });
                &receiver.attrs
            }
            FnArg::Typed(typed) => {
                let (has_mut, may_have_parts) = (mentions_mut(typed.ty.to_token_stream()), may_have_parts(&typed.ty));
                each(&mut typed.pat.clone(), &mut |name| {
                    let is_mutable = name.mutability.is_some() && name.by_ref.is_none();
                    let changes = has_mut || name.mutability.is_some();
                    found.push(Binding {
                        ident: name.ident.clone(),
                        is_mutable,
                        changes,
                        may_have_parts,
                        cfgs: Vec::new(),
                    });
                });
                &typed.attrs
            }
        };
        for binding in &mut found[first..] {
            binding.cfgs = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
        }
    }
    found
}

/// Returns `true` for types with `&mut` in them.
fn mentions_mut(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "mut",
        TokenTree::Group(group) => mentions_mut(group.stream()),
        _ => false,
    })
}

/// Returns `true` unless the type is a reference or a number.
fn may_have_parts(ty: &Type) -> bool {
    match plain(ty) {
        Type::Reference(_) => false,
        Type::Path(path) => !path.path.get_ident().is_some_and(is_primitive),
        _ => true,
    }
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
