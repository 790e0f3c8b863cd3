//! Spans of plain functions: records of our recorder, or spans of another provider through the API.
//!
//! Written by hand, a span around a function that can fail takes a guard, a check of the result and some care about
//! panics. `#[auto_instrument]` writes this instead:
//!
//! ```
//! use otel_core::{
//!     code::CodeLocation,
//!     function::{CallSite, OutcomeAny as _, OutcomeMessage as _, OutcomeType as _, Returned, begin},
//! };
//!
//! fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
//!     begin({
//!         static CALL_SITE: CallSite =
//!             CallSite::new("parse", CodeLocation::new(concat!(module_path!(), "::parse"), file!(), line!()));
//!         &CALL_SITE
//!     })
//!     .call(|| text.parse(), |span, output| (&&&Returned(output)).__otel_mark(span))
//! }
//!
//! assert_eq!(parse("42"), Ok(42));
//! ```
//!
//! # How a function span ends
//!
//! | the function | status | `error.type` |
//! |---|---|---|
//! | returns a value | unset | |
//! | returns an `Err` | error, described by its message | name of its type |
//! | panics | error | `panic` |
//! | is a future that is dropped before its end | unset | `cancelled` |
//!
//! # Cost
//!
//! Below a parent that is not recorded no tracer is called and nothing is allocated, unless the tracer provider has a
//! sampler of the application. Without a provider, without exporters, and outside of any trace if the sampler drops all
//! of them, there is no span, and nothing is allocated either. Generic code is limited to the few lines
//! that use the function's own types; they forward to functions that take a `&'static` [`CallSite`].

mod argument;
mod boxed;
mod call_site;
mod end;
mod field;
mod future;
mod guard;
mod links;
mod outcome;
mod silence;
mod span;
mod tracer;

pub use argument::{Argument, ArgumentDebug, ArgumentDisplay, ArgumentField, Success, SuccessOfResult, SuccessOfValue};
pub use boxed::{BoxedFuture, BoxedFutureKind, Built, BuiltFuture, BuiltValue, ValueKind};
pub use call_site::CallSite;
pub use field::{Element, Field};
pub use future::InSpan;
pub use guard::Entered;
pub use links::Links;
pub use outcome::{Never, OutcomeAny, OutcomeMessage, OutcomeType, Returned, Returns, ignore};
pub use span::{FunctionSpan, begin, begin_linked, call, pin};
