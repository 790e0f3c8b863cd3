//! What expansions of `#[auto_instrument]` name. Not for use by hand: it changes with the macro, which is pinned to the
//! exact version of this crate. The contract is written down in `ARCHITECTURE.md`.

mod any_service;
mod app;
mod function;
mod handler;
mod route_lookup;
mod server;
mod start;

pub use crate::body::TracedBody;
pub use any_service::{Instrumented, InstrumentedFactory, InstrumentedFuture, InstrumentedService};
pub use app::WholeApp;
pub use function::{
    Argument, ArgumentDebug, ArgumentDisplay, ArgumentField, CallSite, CarryAny, CarryBoxed, CarryClosure, CarryFuture,
    Never, OutcomeAny, OutcomeMessage, OutcomeType, RequestSpan, Returned, SpanKind, Spawned, Success, SuccessOfResult,
    SuccessOfValue, begin, begin_linked, call, carry, carry_fn, ignore, server_span,
};
pub use handler::{Handler, Responded, route};
pub use otel_core::code::CodeLocation;
pub use route_lookup::{RouteLookup, app_built};
pub use server::{InstrumentFallback, Probe, factory};
pub use start::{Start, start};
