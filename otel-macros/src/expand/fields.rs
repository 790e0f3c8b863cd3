//! `fields(..)` and `args(..)`: statements that record them on a span in scope.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, FnArg, LitStr, Pat, Signature, spanned::Spanned as _};

use crate::{
    args::{Args, Name},
    diagnostics::Diagnostics,
    spans::generated,
};

/// ```text
/// if span.is_recording() {
///     span.record("order.id", &id);
///     span.record_value("amount", (&&&Argument(&amount)).value());
/// }
/// ```
///
/// Empty when nothing is to be recorded. No expression is evaluated for a span that nobody will see.
pub(crate) fn record(span: &Ident, args: &Args, sig: &Signature, diagnostics: &mut Diagnostics) -> TokenStream {
    let fields = args.fields.iter().map(|field| {
        let (key, value) = (&field.key, &field.value);
        // On the value's own place, to which the compiler points when its type is no attribute's.
        let reference = quote_spanned!(generated(value.span())=> &(#value));
        quote_spanned!(generated(key.span())=> #span.record(#key, #reference);)
    });
    let bindings = bindings(sig);
    let mut parameters = Vec::new();
    for parameter in &args.parameters {
        let Some(binding) = bindings.iter().find(|binding| binding.ident == *parameter) else {
            unknown_parameter(parameter, &bindings, diagnostics);
            continue;
        };
        parameters.push(record_parameter(span, parameter, &binding.cfgs, args));
    }
    if args.fields.is_empty() && parameters.is_empty() {
        return TokenStream::new();
    }
    let place = args.place_of(Name::Fields).or(args.place_of(Name::Args)).unwrap_or_else(Span::call_site);
    quote_spanned! {generated(place)=>
        if #span.is_recording() {
            #(#fields)*
            #(#parameters)*
        }
    }
}

fn record_parameter(span: &Ident, parameter: &Ident, cfgs: &[&Attribute], args: &Args) -> TokenStream {
    use syn::ext::IdentExt;
    let private = args.private(parameter.span());
    let key = LitStr::new(&parameter.unraw().to_string(), parameter.span());
    quote_spanned! {generated(parameter.span())=>
        #(#cfgs)*
        {
            use #private::{ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _};
            #span.record_value(#key, (&&&#private::Argument(&#parameter)).value());
        }
    }
}

fn unknown_parameter(parameter: &Ident, bindings: &[Binding<'_>], diagnostics: &mut Diagnostics) {
    let names: Vec<String> = bindings.iter().map(|binding| format!("`{}`", binding.ident)).collect();
    let help = if names.is_empty() {
        "the function has none; `fields(key = value)` records any expression".to_owned()
    } else {
        format!("expected one of {}; `fields(key = value)` records any expression", names.join(", "))
    };
    diagnostics.error_at(parameter, &format!("no parameter is called `{parameter}`"), &help);
}

/// A name that a parameter introduces.
struct Binding<'a> {
    ident: Ident,
    /// The `#[cfg]`s of the parameter: what uses the name has to have them too (tracing#3320).
    cfgs: Vec<&'a Attribute>,
}

fn bindings(sig: &Signature) -> Vec<Binding<'_>> {
    let mut found = Vec::new();
    for input in &sig.inputs {
        let (attrs, names) = match input {
            FnArg::Receiver(receiver) => (&receiver.attrs, vec![Ident::from(receiver.self_token)]),
            FnArg::Typed(typed) => {
                let mut names = Vec::new();
                pattern(&typed.pat, &mut names);
                (&typed.attrs, names)
            }
        };
        let cfgs: Vec<&Attribute> = attrs.iter().filter(|attr| attr.path().is_ident("cfg")).collect();
        found.extend(names.into_iter().map(|ident| Binding { ident, cfgs: cfgs.clone() }));
    }
    found
}

fn pattern(pat: &Pat, names: &mut Vec<Ident>) {
    match pat {
        Pat::Ident(pat) => {
            names.push(pat.ident.clone());
            if let Some((_, inner)) = &pat.subpat {
                pattern(inner, names);
            }
        }
        Pat::Paren(pat) => pattern(&pat.pat, names),
        Pat::Reference(pat) => pattern(&pat.pat, names),
        Pat::Tuple(pat) => pat.elems.iter().for_each(|pat| pattern(pat, names)),
        Pat::TupleStruct(pat) => pat.elems.iter().for_each(|pat| pattern(pat, names)),
        Pat::Slice(pat) => pat.elems.iter().for_each(|pat| pattern(pat, names)),
        Pat::Struct(pat) => pat.fields.iter().for_each(|field| pattern(&field.pat, names)),
        _ => {}
    }
}
