//! The semantic conventions of databases, pure: facts of a call → attributes; SQL → its text without literals, and its
//! summary.
//!
//! [`client`](crate::client) is where these facts become the span of a call.
//!
//! Source: [database spans](https://opentelemetry.io/docs/specs/semconv/database/database-spans/), stable.

pub(crate) mod attributes;
mod dialect;
mod facts;
mod lexer;
mod sanitize;
mod statement;
mod summary;
mod token;

pub use facts::DatabaseFacts;
pub use statement::Statement;
