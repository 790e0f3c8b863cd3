//! The facts of a database call.

use super::texts::{TextRange, Texts, TextsView};
use crate::attribute::AttributeSink;
use crate::database::attributes::{self, DatabaseOutcome};
use crate::database::{DatabaseFacts, Statement};

/// Facts of a database call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatabaseCallFacts {
    system: &'static str,
    query: TextRange,
    summary: TextRange,
    operation: TextRange,
    collection: TextRange,
    namespace: TextRange,
    server: TextRange,
    port: Option<u16>,
    batch_size: Option<u32>,
    pub(super) returned_rows: Option<u64>,
    pub(super) status_code: TextRange,
    pub(super) error_type: Option<&'static str>,
}

impl DatabaseCallFacts {
    /// Copies the facts of a call. `statement` is the recorded form of its query.
    #[inline]
    pub(super) fn new(facts: &DatabaseFacts<'_>, statement: Option<&Statement>, texts: &mut Texts) -> Self {
        let mut push = |text: Option<&str>| text.map_or(TextRange::NONE, |text| texts.push(text));
        Self {
            system: facts.system,
            query: push(statement.map(Statement::text).or(facts.sanitized_query)),
            summary: push(statement.map(Statement::summary).filter(|summary| !summary.is_empty())),
            operation: push(facts.operation),
            collection: push(facts.collection),
            namespace: push(facts.namespace),
            server: push(facts.server_address),
            port: facts.server_port,
            batch_size: facts.batch_size,
            returned_rows: None,
            status_code: TextRange::NONE,
            error_type: None,
        }
    }
}

/// The facts of a database call whose span ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatabaseView<'a> {
    facts: &'a DatabaseCallFacts,
    texts: TextsView<'a>,
}

impl<'a> DatabaseView<'a> {
    #[inline]
    pub(super) fn new(facts: &'a DatabaseCallFacts, texts: TextsView<'a>) -> Self {
        Self { facts, texts }
    }

    /// The facts of the call, in the form in which the library gave them.
    #[inline]
    pub(crate) fn call(&self) -> DatabaseFacts<'a> {
        let text = |range| self.texts.text(range);
        let facts = self.facts;
        DatabaseFacts {
            operation: text(facts.operation),
            collection: text(facts.collection),
            namespace: text(facts.namespace),
            server_address: text(facts.server),
            server_port: facts.port,
            batch_size: facts.batch_size,
            ..DatabaseFacts::new(facts.system)
        }
    }

    /// The summary of the query, if there is one.
    #[inline]
    pub(crate) fn summary(&self) -> Option<&'a str> {
        self.texts.text(self.facts.summary)
    }

    /// The result of the call.
    #[inline]
    pub(crate) fn outcome(&self) -> DatabaseOutcome<'a> {
        DatabaseOutcome {
            returned_rows: self.facts.returned_rows,
            status_code: self.texts.text(self.facts.status_code),
            error_type: self.facts.error_type,
        }
    }

    /// The name of the span, in one or two parts.
    pub(super) fn name_parts(&self) -> (&'a str, Option<&'a str>) {
        attributes::name_parts(&self.call(), self.summary())
    }

    /// Visits the attributes that are known when the call starts.
    pub(super) fn visit_request(&self, sink: &mut impl AttributeSink) {
        attributes::of_call(&self.call(), self.texts.text(self.facts.query), self.summary(), sink);
    }

    /// Visits the attributes of the result.
    pub(super) fn visit_response(&self, sink: &mut impl AttributeSink) {
        attributes::of_outcome(&self.outcome(), sink);
    }
}
