//! Facts → attributes, and the name of the span.

use super::facts::DatabaseFacts;
use crate::attribute::AttributeSink;

/// The result of a call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DatabaseOutcome<'a> {
    pub(crate) returned_rows: Option<u64>,
    /// The database's own code of an error, such as an SQLSTATE.
    pub(crate) status_code: Option<&'a str>,
    /// The class of an error without a code.
    pub(crate) error_type: Option<&'static str>,
}

impl<'a> DatabaseOutcome<'a> {
    /// `error.type`: the database's own code, else the class of the error. `None` if the call did not fail.
    pub(crate) fn error(&self) -> Option<&'a str> {
        self.status_code.or(self.error_type)
    }
}

/// The name of the span: the summary of the query, else the operation and its target, else the target, else the system
/// ([name](https://opentelemetry.io/docs/specs/semconv/database/database-spans/#name)). The namespace of Redis is a number,
/// which is no part of a name ([Redis](https://opentelemetry.io/docs/specs/semconv/database/redis/)).
pub(crate) fn name_parts<'a>(facts: &DatabaseFacts<'a>, summary: Option<&'a str>) -> (&'a str, Option<&'a str>) {
    let target = facts.collection.or(facts.namespace.filter(|_| facts.system != "redis"));
    match (summary, facts.operation, target) {
        (Some(summary), _, _) => (summary, None),
        (None, Some(operation), target) => (operation, target),
        (None, None, Some(target)) => (target, None),
        (None, None, None) => (facts.system, None),
    }
}

/// Attributes that are known when the call starts. `query` has no literals any more.
pub(crate) fn of_call(
    facts: &DatabaseFacts<'_>,
    query: Option<&str>,
    summary: Option<&str>,
    sink: &mut impl AttributeSink,
) {
    sink.literal("db.system.name", facts.system);
    let texts = [
        ("db.namespace", facts.namespace),
        ("db.collection.name", facts.collection),
        ("db.operation.name", facts.operation),
        ("db.query.summary", summary),
        ("db.query.text", query),
        ("server.address", facts.server_address),
    ];
    for (key, text) in texts {
        if let Some(text) = text {
            sink.string(key, text);
        }
    }
    if let Some(size) = facts.batch_size.filter(|&size| size > 1) {
        sink.integer("db.operation.batch.size", i64::from(size));
    }
    if let (Some(port), true) = (facts.server_port, facts.server_address.is_some()) {
        sink.integer("server.port", i64::from(port));
    }
}

/// Attributes of the result.
pub(crate) fn of_outcome(answer: &DatabaseOutcome<'_>, sink: &mut impl AttributeSink) {
    if let Some(rows) = answer.returned_rows.and_then(|rows| i64::try_from(rows).ok()) {
        sink.integer("db.response.returned_rows", rows);
    }
    if let Some(code) = answer.status_code {
        sink.string("db.response.status_code", code);
    }
    if let Some(error) = answer.error() {
        sink.string("error.type", error);
    }
}
