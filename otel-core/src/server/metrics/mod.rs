//! The metrics of HTTP servers: how long requests take, how many are active, how large they are.
//!
//! Source: [HTTP metrics](https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-server). They go through the
//! `opentelemetry` metrics API, to whichever provider is installed.

mod bound;
mod instruments;
mod measured;

use crate::http::RequestFacts;
use crate::http::attributes::scheme;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use opentelemetry::Context;
use std::sync::Arc;

use bound::ActiveRequests;
pub(super) use instruments::Instruments;
pub(super) use measured::Outcome;
use measured::Subject;

/// The metrics of one request. Dropping them counts the request as no longer active, however it ended.
#[derive(Debug)]
pub(super) struct RequestMetrics {
    instruments: Arc<Instruments>,
    subject: Subject,
    /// The bound counter of active requests. `None` if the provider has no bound instruments.
    active: Option<ActiveRequests>,
}

impl RequestMetrics {
    /// Counts the request as active.
    pub(super) fn start(
        instruments: &Arc<Instruments>,
        facts: &RequestFacts<'_>,
        method: RequestMethod<'_>,
        settings: &HttpSettings,
    ) -> Self {
        let subject = Subject {
            semconv: settings.semconv,
            method: method.as_attribute(),
            scheme: scheme(facts, settings),
            version: facts.version.as_str(),
        };
        let active = if instruments.can_be_bound { bound::active_requests(instruments, subject) } else { None };
        let metrics = Self { instruments: Arc::clone(instruments), subject, active };
        metrics.count_active(1);
        metrics
    }

    #[inline]
    fn count_active(&self, by: i64) {
        match &self.active {
            Some(active) => active.add(by),
            None => self.instruments.active_requests.add(by, &self.subject.active()),
        }
    }

    /// Records the request. The number of attribute sets is bounded, whatever clients send: no host, no path and no
    /// unknown method is among the attributes.
    ///
    /// Other providers than ours find the request's span in the current context, for exemplars. The SDK that is behind
    /// ours does not collect any yet.
    pub(super) fn record(&self, outcome: &Outcome<'_>, context: &Context) {
        let Self { instruments, subject, .. } = self;
        if instruments.can_be_bound && outcome.labels.is_empty() && bound::record(instruments, *subject, outcome) {
            return;
        }
        let _current = context.clone().attach();
        if subject.is_stable() {
            let attributes = subject.stable(outcome);
            instruments.duration.record(outcome.duration.as_secs_f64(), &attributes);
            if let Some(bytes) = outcome.request_body {
                instruments.request_body_size.record(bytes, &attributes);
            }
            if let Some(bytes) = outcome.response_body {
                instruments.response_body_size.record(bytes, &attributes);
            }
        }
        if subject.is_old() {
            instruments.old_duration.record(outcome.duration.as_secs_f64() * 1e3, &subject.old(outcome));
        }
    }
}

impl Drop for RequestMetrics {
    fn drop(&mut self) {
        self.count_active(-1);
    }
}
