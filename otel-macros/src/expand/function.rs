//! Any other function: a span of its own.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{LitStr, Signature, Type};

use super::{Place, fields, location::code_location};
use crate::{
    args::{Args, Err, Name},
    diagnostics::Diagnostics,
    item::Function,
    signature::{self, Returns},
    spans::generated,
};

/// See [`Shape`] for what comes out.
pub(crate) fn expand(function: Function, args: &Args, place: &Place<'_>, diagnostics: &mut Diagnostics) -> TokenStream {
    if let Some(constness) = &function.sig.constness {
        diagnostics.error_at(
            constness,
            "expected a function that runs at run time: a `const fn` cannot have a span",
            "remove `const`, or remove the attribute",
        );
        return function.into_token_stream();
    }
    check(&function, args, diagnostics);
    let Some(body) = &function.body else { return function.into_token_stream() };
    let at = generated(function.name_span());
    let span = Ident::new("__otel_span", at);
    let begin = begin(&function, args, place);
    let record = fields::record(&span, args, &function.sig, diagnostics);
    let block = body.block();
    let output = signature::output_type(&function.sig);
    let outcome = outcome(&function, args);
    let statements = match Shape::of(&function, args) {
        Shape::Guard if record.is_empty() => quote_spanned! {at=>
            let __otel_entered = #begin.enter();
            #block
        },
        Shape::Guard => quote_spanned! {at=>
            let #span = #begin;
            #record
            let __otel_entered = #span.enter();
            #block
        },
        Shape::Closure => {
            // What comes back may borrow from a parameter that is a reference: it has to move in with it.
            let capture = signature::borrows(&output).then(|| quote_spanned!(at=> move));
            let closure = quote_spanned!(at=> #capture || -> #output #block);
            finish(&span, &begin, &record, &quote_spanned!(at=> .call(#closure, #outcome)), at)
        }
        Shape::Async => {
            let hint = type_hint(&function.sig);
            let never = (Returns::of(&function.sig) == Returns::Never).then(|| {
                let private = args.private(function.name_span());
                quote_spanned!(at=> ::<#private::Never, _, _>)
            });
            let drive = quote_spanned!(at=> .drive #never(async move { #hint #block }, #outcome).await);
            finish(&span, &begin, &record, &drive, at)
        }
        Shape::Future { boxed } => {
            let closure = quote_spanned!(at=> move || -> #output #block);
            let drive = quote_spanned!(at=> .drive_returned(#closure, #outcome));
            let driven = finish(&span, &begin, &record, &drive, at);
            if boxed { quote_spanned!(at=> ::std::boxed::Box::pin({ #driven })) } else { driven }
        }
    };
    function.with_statements(statements)
}

/// Reports what has nothing to record: a silent one would be taken for working.
fn check(function: &Function, args: &Args, diagnostics: &mut Diagnostics) {
    if !matches!(Returns::of(&function.sig), Returns::Unit | Returns::Never) {
        return;
    }
    let looks_at_error = matches!(args.err, Err::Type | Err::Message);
    for (name, given) in [(Name::Ret, args.ret), (Name::Err, looks_at_error)] {
        if let (true, Some(place)) = (given, args.place_of(name)) {
            diagnostics.error(
                place,
                &format!("expected a function that returns something for `{}`", name.as_str()),
                &format!("remove `{}`, or return a value", name.as_str()),
            );
        }
    }
}

/// How a function is made to have a span.
enum Shape {
    /// `let __otel_entered = BEGIN.enter(); { BODY }`: keeps `#[track_caller]`, drop order and borrows as they are.
    Guard,
    /// `BEGIN.call(|| -> R { BODY }, OUTCOME)`: also catches the `Err` of a `?`.
    Closure,
    /// `BEGIN.drive(async move { BODY }, OUTCOME).await`: one future, awaited once.
    Async,
    /// `BEGIN.drive_returned(move || -> R { BODY }, OUTCOME)`: the body runs, and what it returns is driven.
    Future { boxed: bool },
}

impl Shape {
    fn of(function: &Function, args: &Args) -> Self {
        if function.sig.asyncness.is_some() {
            return Self::Async;
        }
        let tracks_caller = function.attrs.iter().any(|attr| attr.path().is_ident("track_caller"));
        match Returns::of(&function.sig) {
            Returns::Future { boxed } => Self::Future { boxed },
            Returns::Never | Returns::Unit => Self::Guard,
            _ if args.ret || args.err == Err::Message => Self::Closure,
            // In a closure `Location::caller()` would be the closure's.
            Returns::Result if !tracks_caller && args.err != Err::Ignored => Self::Closure,
            Returns::Other if args.err == Err::Type => Self::Closure,
            Returns::Result | Returns::Other => Self::Guard,
        }
    }
}

/// `BEGIN<tail>`, with what is to be recorded in between.
fn finish(
    span: &Ident,
    begin: &TokenStream,
    record: &TokenStream,
    tail: &TokenStream,
    at: proc_macro2::Span,
) -> TokenStream {
    if record.is_empty() {
        return quote!(#begin #tail);
    }
    quote_spanned! {at=>
        let #span = #begin;
        #record
        #span #tail
    }
}

/// ```text
/// begin({
///     static CALL_SITE: CallSite = CallSite::new("name", CODE_LOCATION);
///     &CALL_SITE
/// })
/// ```
fn begin(function: &Function, args: &Args, place: &Place<'_>) -> TokenStream {
    let at = generated(function.name_span());
    let private = args.private(function.name_span());
    let location = code_location(function, args, place);
    let own_name = || LitStr::new(&place.qualified(&function.sig.ident), at);
    let name = args.name.clone().unwrap_or_else(own_name);
    let kind = args.kind.as_ref().map(|kind| quote_spanned!(at=> .kind(#private::SpanKind::#kind)));
    let root = args.root.then(|| quote_spanned!(at=> .root()));
    // A block of its own: the name of a static, other than that of a variable, would be visible in the user's body.
    let call_site = quote_spanned! {at=> {
        static CALL_SITE: #private::CallSite = #private::CallSite::new(#name, #location) #kind #root;
        &CALL_SITE
    }};
    if let Some(links) = &args.links {
        return quote_spanned!(at=> #private::begin_linked(#call_site, #links));
    }
    quote_spanned!(at=> #private::begin(#call_site))
}

/// A closure that looks at the value that comes back.
fn outcome(function: &Function, args: &Args) -> TokenStream {
    let at = generated(function.name_span());
    let private = args.private(function.name_span());
    let silent = matches!(Returns::of(&function.sig), Returns::Unit | Returns::Never) || args.err == Err::Ignored;
    if silent && !args.ret {
        return quote_spanned!(at=> #private::ignore);
    }
    let ret = args.ret.then(|| {
        quote_spanned! {args.place_of(Name::Ret).map_or(at, generated)=>
            {
                use #private::{
                    ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _, SuccessOfResult as _, SuccessOfValue as _,
                };
                if let ::core::option::Option::Some(__otel_success) = (&&#private::Success(__otel_output)).get() {
                    __otel_span.record_value("return", (&&&#private::Argument(__otel_success)).value());
                }
            }
        }
    });
    let err = match args.err {
        _ if silent => TokenStream::new(),
        Err::Type => quote_spanned! {at=>
            use #private::{OutcomeAny as _, OutcomeType as _};
            (&&#private::Returned(__otel_output)).mark(__otel_span);
        },
        _ => quote_spanned! {at=>
            use #private::{OutcomeAny as _, OutcomeMessage as _, OutcomeType as _};
            (&&&#private::Returned(__otel_output)).mark(__otel_span);
        },
    };
    quote_spanned!(at=> |__otel_span, __otel_output| { #ret #err })
}

/// `async` blocks have no return type. This tells the compiler, so that a mismatch is reported where it was without the
/// attribute, and coercions still happen:
///
/// ```text
/// if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<R> { return __otel_output; }
/// ```
///
/// Unlike `if false { return loop {}; }` it needs no `#[allow]`, which would reach into the user's code.
pub(crate) fn type_hint(sig: &Signature) -> TokenStream {
    let output = signature::output_type(sig);
    if matches!(output, Type::Infer(_) | Type::Never(_)) {
        return TokenStream::new();
    }
    let span = match &sig.output {
        syn::ReturnType::Type(_, ty) => syn::spanned::Spanned::span(ty),
        syn::ReturnType::Default => sig.ident.span(),
    };
    quote_spanned! {generated(span)=>
        if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<#output> {
            return __otel_output;
        }
    }
}
