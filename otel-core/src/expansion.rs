//! The names in expansions of `#[auto_instrument]` on functions. Not for use by hand: they change with the macro.
//!
//! Expansions name them below the crate that the user depends on: `otel_actix::__private`, or `otel_agent::__private` in
//! a build of `cargo otel`.

pub use opentelemetry::trace::SpanKind;

pub use crate::carry::{
    CarryAny, CarryBoxed, CarryClosure, CarryFuture, Passed, Spawned, attach, carry, carry_fn, context_to_carry,
};
pub use crate::code::CodeLocation;
pub use crate::function::{
    Argument, ArgumentDebug, ArgumentDisplay, ArgumentField, Built, BuiltFuture, BuiltValue, CallSite, FunctionSpan,
    Never, OutcomeAny, OutcomeMessage, OutcomeType, Returned, Success, SuccessOfResult, SuccessOfValue, begin,
    begin_linked, call, ignore, pin,
};
