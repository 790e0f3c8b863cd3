//! `fields(..)` and `args(..)`: statements that record them on a span in scope.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{Attribute, LitStr, Signature, spanned::Spanned as _};

use crate::{
    args::{Args, Name},
    bindings::{self, Binding},
    diagnostics::Diagnostics,
    spans::generated,
};

/// ```text
/// if FunctionSpan::is_recording(&span) {
///     FunctionSpan::record(&span, "order.id", &id);
///     FunctionSpan::record_value(&span, "amount", (&&&Argument(&amount)).__otel_value());
/// }
/// ```
///
/// Methods of the span by their paths: a trait in scope may have one of the same name for every type. Empty if there is
/// nothing to record. No expression is evaluated for a span that is not recorded.
pub(crate) fn record(
    span: &Ident,
    of: &TokenStream,
    args: &Args,
    sig: &Signature,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let fields = args.fields.iter().map(|field| {
        let (key, value) = (&field.key, &field.value);
        // At the place of the value: the compiler reports there if its type is no type of an attribute.
        let reference = quote_spanned!(generated(value.span())=> &(#value));
        let private = args.private(key.span());
        quote_spanned!(generated(key.span())=> #private::#of::record(&#span, #key, #reference);)
    });
    let bindings = bindings::of(sig);
    let mut parameters = Vec::new();
    for parameter in &args.parameters {
        let Some(binding) = bindings.iter().find(|binding| binding.ident == *parameter) else {
            unknown_parameter(parameter, &bindings, diagnostics);
            continue;
        };
        parameters.push(record_parameter(span, of, parameter, &binding.cfgs, args));
    }
    if args.fields.is_empty() && parameters.is_empty() {
        return TokenStream::new();
    }
    let place = args.place_of(Name::Fields).or(args.place_of(Name::Args)).unwrap_or_else(Span::call_site);
    let private = args.private(place);
    quote_spanned! {generated(place)=>
        if #private::#of::is_recording(&#span) {
            #(#fields)*
            #(#parameters)*
        }
    }
}

fn record_parameter(
    span: &Ident,
    of: &TokenStream,
    parameter: &Ident,
    cfgs: &[&Attribute],
    args: &Args,
) -> TokenStream {
    use syn::ext::IdentExt;
    let private = args.private(parameter.span());
    let key = LitStr::new(&parameter.unraw().to_string(), parameter.span());
    quote_spanned! {generated(parameter.span())=>
        #(#cfgs)*
        {
            use #private::{ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _};
            let __otel_value = (&&&#private::Argument(&#parameter)).__otel_value();
            #private::#of::record_value(&#span, #key, __otel_value);
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
