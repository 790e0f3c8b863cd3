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
pub use any_service::Instrumented;
pub use app::WholeApp;
pub use function::*;
pub use handler::{Handler, Responded, route};
pub use otel_core::code::CodeLocation;
pub use route_lookup::{RouteLookup, app_built};
pub use server::{InstrumentFallback, Probe, factory};
pub use start::{Start, start};
