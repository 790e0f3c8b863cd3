//! The life of an outgoing call: its CLIENT span, from the moment before it is sent to the end of its answer, and the
//! metrics that go with it.
//!
//! Any client library can be instrumented with this module. For HTTP it gathers [`ClientRequestFacts`], starts an
//! [`HttpClientSpan`], [injects](HttpClientSpan::inject) the trace context into the headers,
//! [runs](HttpClientSpan::run) the call with the span current, and reports the response or the failure. For databases
//! there are [`DatabaseSpan`] and, for connection pools, [`observe_pool`]. For remote procedure calls there is [`RpcSpan`].
//!
//! [`ClientRequestFacts`]: crate::http::ClientRequestFacts
//!
//! | module | one idea |
//! |---|---|
//! | `open_call` | a call while it is open, whatever its conventions |
//! | `http`, `database`, `rpc` | the spans of the three conventions |
//! | `running` | a future that runs with the span of its call |
//! | `time_out` | calls that a library gives up because their time is over |
//! | `inject`, `nested` | the trace context in the headers of a request; calls within calls |
//! | `metrics`, `series` | durations and sizes; series that a thread finds again |
//! | `pools` | the connections of pools |
//! | `active_globals` | the API's globals, as a thread saw them last |

mod active_globals;
mod database;
mod http;
mod inject;
mod metrics;
mod nested;
mod open_call;
mod pools;
mod rpc;
mod running;
mod series;
mod time_out;

pub use database::DatabaseSpan;
pub use http::HttpClientSpan;
pub use inject::RequestHeaders;
pub use nested::Attached;
pub(crate) use pools::export_pools;
pub use pools::{ConnectionPool, PoolConnections, observe_pool};
pub use rpc::{RpcFacts, RpcSpan};
pub use running::RunningCall;
pub use time_out::time_out;

use std::sync::LazyLock;

use opentelemetry::InstrumentationScope;

/// The instrumentation scope of the calls that this project instruments.
#[must_use]
pub fn scope() -> &'static InstrumentationScope {
    static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(crate::resource::scope);
    &SCOPE
}
