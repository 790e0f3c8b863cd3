//! The names in expansions of `#[auto_instrument]`. Not for use by hand: they change with the macro, which is pinned to the
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
    Argument, ArgumentDebug, ArgumentDisplay, ArgumentField, Built, BuiltFuture, BuiltValue, CallSite, CarryAny,
    CarryBoxed, CarryClosure, CarryFuture, CodeLocation, FunctionSpan, Never, OutcomeAny, OutcomeMessage, OutcomeType,
    Passed, RequestSpan, Returned, SpanKind, Spawned, Success, SuccessOfResult, SuccessOfValue, attach, begin,
    begin_linked, call, carry, carry_fn, context_to_carry, ignore, pin, server_span,
};
pub use handler::{Handler, Responded, route};
pub use route_lookup::{RouteLookup, app_built};
pub use server::{AppKind, Factory, Made, MadeApp, MadeOther, MadeService, OtherKind, ServiceKind, factory};
pub use start::{Start, start};
