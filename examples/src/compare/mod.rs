//! The comparison: `server_manual` and `server_auto` print the same spans, and so does a server without telemetry code
//! when `cargo otel` builds it.
//!
//! All run as processes of their own, get the same requests from the same client, and are then stopped by a signal.
//! They export only when they are stopped, so a span that a shutdown loses is a missing span.

mod build;
mod cases;
mod check;
mod comparison;
mod diff;
mod mode;
mod normal;
mod process;
mod report;
mod run;
mod span;
mod style;

pub use build::{Programs, build, build_zero_code, build_zero_code_of, example, executables, zero_code};
pub use cases::{Case, Parent, cases};
pub use check::check;
pub use comparison::{Comparison, Side};
pub use diff::{Mark, Row, diff};
pub use mode::Mode;
pub use normal::{Fact, Field, Section, normalise};
pub use process::{Failure, Output, Server, Stop};
pub use report::{Report, Verdict};
pub use run::compare;
pub use span::{Event, Ids, Span, spans};
pub use style::Style;
