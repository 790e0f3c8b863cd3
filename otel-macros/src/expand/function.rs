//! Any other function: a span of its own.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::LitStr;

use super::{Surroundings, body, fields, location::code_location};
use crate::{
    args::{Args, Err, Name},
    diagnostics::Diagnostics,
    item::Function,
    returns::{FutureForm, ReturnKind},
    spans::generated,
};

/// See [`Shape`] for the output.
pub(crate) fn expand(
    mut function: Function,
    args: &Args,
    place: &Surroundings<'_>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    if let Some(constness) = &function.sig.constness {
        diagnostics.error_at(
            constness,
            "expected a function that runs at run time: a `const fn` cannot have a span",
            "remove `const`, or remove the attribute",
        );
        return function.into_token_stream();
    }
    let returns = ReturnKind::of(&function.sig, place.short_lived);
    check(returns, args, diagnostics);
    let Some(body) = &function.body else { return function.into_token_stream() };
    let at = generated(function.name_span());
    let private = args.private(function.name_span());
    let span = Ident::new("__otel_span", at);
    let record = fields::record(&span, &quote_spanned!(at=> FunctionSpan), args, &function.sig, diagnostics);
    let mut begin = begin(&function, args, place);
    let mut before = TokenStream::new();
    if !record.is_empty() {
        before = quote_spanned!(at=> let #span = #begin; #record);
        begin = span.to_token_stream();
    }
    if body.statements.is_empty() {
        // clippy reports type parameters that a function without statements does not use.
        let parameters = function.sig.generics.type_params().map(|parameter| &parameter.ident);
        before.extend(quote_spanned!(at=> #(let _ = ::core::marker::PhantomData::<#parameters>;)*));
    }
    let outcome = outcome(&function, returns, args);
    let call = match Shape::of(&function, returns, args) {
        Shape::Guard => {
            let block = body.block();
            quote_spanned! {at=>
                let __otel_entered = #private::FunctionSpan::enter(#begin);
                #block
            }
        }
        Shape::Closure => {
            let closure = body::closure(&mut function);
            // clippy reports the function itself if it can be changed, and not methods that a trait demands.
            quote_spanned! {at=>
                #[allow(clippy::result_large_err)]
                return #private::FunctionSpan::call(#begin, #closure, #outcome);
            }
        }
        Shape::Async => {
            let block = body::async_block(&mut function, &TokenStream::new());
            let never = (returns == ReturnKind::Never).then(|| quote_spanned!(at=> ::<#private::Never, _, _>));
            let driven = quote_spanned! {at=>
                #private::FunctionSpan::drive #never(#begin, #block, #outcome).await
            };
            // Behind `return`, a value of type `!` is unreachable code.
            if never.is_some() { driven } else { quote_spanned!(at=> return #driven;) }
        }
        Shape::Future(boxed) => {
            let closure = body::moving_closure(&mut function);
            future(boxed, &begin, &closure, &outcome, &private, at)
        }
    };
    function.with_statements(quote!(#before #call))
}

/// Reports arguments that have nothing to record: without an error, the user would believe that they work.
fn check(returns: ReturnKind, args: &Args, diagnostics: &mut Diagnostics) {
    if !matches!(returns, ReturnKind::Unit | ReturnKind::Never) {
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

/// The way in which a function gets its span.
enum Shape {
    /// `let __otel_entered = enter(BEGIN); { BODY }`: keeps `#[track_caller]`, drop order and borrows as they are.
    Guard,
    /// `return call(BEGIN, || -> R { BODY }, OUTCOME);`: also catches the `Err` of a `?`.
    Closure,
    /// `return drive(BEGIN, async move { BODY }, OUTCOME).await;`: one future, awaited once. It holds the arguments a second
    /// time: `docs/cost.md` has the alternatives.
    Async,
    /// `return drive_returned(BEGIN, move || -> R { BODY }, OUTCOME);`: runs the body, and drives the future that it
    /// returns.
    Future(FutureForm),
}

impl Shape {
    fn of(function: &Function, returns: ReturnKind, args: &Args) -> Self {
        if function.sig.asyncness.is_some() {
            return Self::Async;
        }
        let tracks_caller = function.attrs.iter().any(|attr| attr.path().is_ident("track_caller"));
        match returns {
            ReturnKind::Future(boxed) => Self::Future(boxed),
            ReturnKind::Never | ReturnKind::Unit => Self::Guard,
            _ if args.ret || args.err == Err::Message => Self::Closure,
            // In a closure `Location::caller()` would be the closure's.
            ReturnKind::Result if !tracks_caller && args.err != Err::Ignored => Self::Closure,
            ReturnKind::Other if args.err == Err::Type => Self::Closure,
            ReturnKind::Result | ReturnKind::Other => Self::Guard,
        }
    }
}

/// The statements of a function that returns a future.
fn future(
    boxed: FutureForm,
    begin: &TokenStream,
    closure: &TokenStream,
    outcome: &TokenStream,
    private: &TokenStream,
    at: Span,
) -> TokenStream {
    let driven = quote_spanned!(at=> #private::FunctionSpan::drive_returned(#begin, #closure, #outcome));
    match boxed {
        FutureForm::No => quote_spanned!(at=> return #driven;),
        FutureForm::Yes => quote_spanned!(at=> return #private::pin(#driven);),
        FutureForm::ByName => quote_spanned! {at=>
            let (__otel_span, __otel_built) = #private::FunctionSpan::build(#begin, #closure);
            use #private::{BuiltFuture as _, BuiltValue as _};
            let __otel_kind = (&&#private::Built(&__otel_built)).__otel_kind();
            return __otel_kind.finish(__otel_span, __otel_built, #outcome);
        },
    }
}

/// ```text
/// begin({
///     static CALL_SITE: CallSite = CallSite::new("name", CODE_LOCATION);
///     &CALL_SITE
/// })
/// ```
fn begin(function: &Function, args: &Args, place: &Surroundings<'_>) -> TokenStream {
    let at = generated(function.name_span());
    let private = args.private(function.name_span());
    let location = code_location(function, args, place);
    let own_name = || LitStr::new(&place.qualified(&function.sig.ident), at);
    let name = args.name.clone().unwrap_or_else(own_name);
    let kind = args.kind.as_ref().map(|kind| quote_spanned!(at=> .kind(#private::SpanKind::#kind)));
    let root = args.root.then(|| quote_spanned!(at=> .root()));
    // In a block of its own: the user's body would see the name of a static, unlike that of a variable.
    let call_site = quote_spanned! {at=> {
        static CALL_SITE: #private::CallSite = #private::CallSite::new(#name, #location) #kind #root;
        &CALL_SITE
    }};
    if let Some(links) = &args.links {
        return quote_spanned!(at=> #private::begin_linked(#call_site, #links));
    }
    quote_spanned!(at=> #private::begin(#call_site))
}

/// A closure that looks at the returned value.
fn outcome(function: &Function, returns: ReturnKind, args: &Args) -> TokenStream {
    let at = generated(function.name_span());
    let private = args.private(function.name_span());
    let silent = matches!(returns, ReturnKind::Unit | ReturnKind::Never) || args.err == Err::Ignored;
    if silent && !args.ret {
        return quote_spanned!(at=> #private::ignore);
    }
    let ret = args.ret.then(|| {
        quote_spanned! {args.place_of(Name::Ret).map_or(at, generated)=>
            {
                use #private::{
                    ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _, SuccessOfResult as _, SuccessOfValue as _,
                };
                if let ::core::option::Option::Some(__otel_success) =
                    (&&#private::Success(__otel_output)).__otel_success()
                {
                    let __otel_value = (&&&#private::Argument(__otel_success)).__otel_value();
                    #private::FunctionSpan::record_value(__otel_span, "return", __otel_value);
                }
            }
        }
    });
    let err = match args.err {
        _ if silent => TokenStream::new(),
        Err::Type => quote_spanned! {at=>
            use #private::{OutcomeAny as _, OutcomeType as _};
            (&&#private::Returned(__otel_output)).__otel_mark(__otel_span);
        },
        _ => quote_spanned! {at=>
            use #private::{OutcomeAny as _, OutcomeMessage as _, OutcomeType as _};
            (&&&#private::Returned(__otel_output)).__otel_mark(__otel_span);
        },
    };
    quote_spanned!(at=> |__otel_span, __otel_output| { #ret #err })
}
