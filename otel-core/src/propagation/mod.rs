//! How the context travels between services: names → propagators.

use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};

use crate::config::{Problem, PropagatorName};

/// The named propagators as one, in their order. Names this build has no propagator for become problems.
#[must_use]
pub fn composite(names: &[PropagatorName]) -> (TextMapCompositePropagator, Vec<Problem>) {
    let mut propagators: Vec<Box<dyn TextMapPropagator + Send + Sync>> = Vec::new();
    let mut unsupported = Vec::new();
    let mut supported = Vec::new();
    for &name in names {
        let propagator: Box<dyn TextMapPropagator + Send + Sync> = match name {
            PropagatorName::TraceContext => Box::new(TraceContextPropagator::new()),
            PropagatorName::Baggage => Box::new(BaggagePropagator::new()),
            _ => {
                unsupported.push(name);
                continue;
            }
        };
        propagators.push(propagator);
        supported.push(name.to_string());
    }
    let fallback = if supported.is_empty() { "none".to_owned() } else { supported.join(",") };
    let problem =
        |name: PropagatorName| Problem::new("OTEL_PROPAGATORS", name.to_string(), "not supported yet", &fallback);
    let problems = unsupported.into_iter().map(problem).collect();
    (TextMapCompositePropagator::new(propagators), problems)
}
