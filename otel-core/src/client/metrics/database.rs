//! The metric of database clients.

use std::hash::BuildHasher as _;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::FixedState;
use opentelemetry::metrics::BoundHistogram;
use opentelemetry::{Context, KeyValue};

use super::super::series::Series;
use super::instruments::Instruments;
use crate::database::DatabaseFacts;
use crate::span_facts::DatabaseView;

thread_local! {
    static SERIES: Series<(Arc<Instruments>, Option<u16>, Fingerprint), BoundHistogram<f64>> =
        const { Series::new() };
}

/// The texts of a series, one after the other, so that they are compared without making attributes.
type Fingerprint = Box<[Option<Box<str>>]>;

impl Instruments {
    /// Records one call. The span in `context` is current meanwhile, where the provider may look for it.
    pub(in crate::client) fn record_database(
        self: &Arc<Self>,
        call: &DatabaseView<'_>,
        duration: Duration,
        context: &Context,
    ) {
        let seconds = duration.as_secs_f64();
        if !self.can_be_bound {
            let _current = context.clone().attach();
            return self.database_duration.record(seconds, &attributes(call));
        }
        let (texts, port) = (texts(call), call.call().server_port);
        let hash = FixedState::with_seed(0).hash_one((texts, port));
        let recorded = SERIES.try_with(|series| {
            series.record(
                hash,
                |(instruments, known_port, known)| {
                    Arc::ptr_eq(instruments, self)
                        && *known_port == port
                        && known.iter().map(Option::as_deref).eq(texts)
                },
                || {
                    let bound = self.database_duration.bind(&attributes(call));
                    let fingerprint = texts.iter().map(|text| text.map(Into::into)).collect();
                    ((Arc::clone(self), port, fingerprint), bound)
                },
                |bound| bound.record(seconds),
            );
        });
        // Refused only while the thread ends.
        if recorded.is_err() {
            self.database_duration.record(seconds, &attributes(call));
        }
    }
}

/// All texts that the attributes follow from.
#[inline]
fn texts<'a>(call: &DatabaseView<'a>) -> [Option<&'a str>; 8] {
    let DatabaseFacts { system, operation, collection, namespace, server_address, .. } = call.call();
    let outcome = call.outcome();
    let (code, error) = (outcome.status_code, outcome.error());
    [Some(system), operation, collection, namespace, server_address, call.summary(), code, error]
}

fn attributes(call: &DatabaseView<'_>) -> Vec<KeyValue> {
    let facts = call.call();
    let outcome = call.outcome();
    let mut attributes = Vec::with_capacity(8);
    attributes.push(KeyValue::new("db.system.name", facts.system));
    let texts = [
        ("db.namespace", facts.namespace),
        ("db.collection.name", facts.collection),
        ("db.operation.name", facts.operation),
        ("db.query.summary", call.summary()),
        ("server.address", facts.server_address),
        ("db.response.status_code", outcome.status_code),
        ("error.type", outcome.error()),
    ];
    attributes.extend(texts.into_iter().filter_map(|(key, text)| Some(KeyValue::new(key, text?.to_owned()))));
    if let (Some(port), true) = (facts.server_port, facts.server_address.is_some()) {
        attributes.push(KeyValue::new("server.port", i64::from(port)));
    }
    attributes
}
