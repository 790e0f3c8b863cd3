//! How the context travels between services: names → propagators.

mod baggage;
mod trace_context;
mod trace_state;

pub use baggage::BaggagePropagator;
pub use trace_context::TraceContextPropagator;

use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};

use crate::config::{Problem, PropagatorName};

/// The named propagators as one, in their order. Names this build has no propagator for become problems.
#[must_use]
pub fn composite(names: &[PropagatorName]) -> (TextMapCompositePropagator, Vec<Problem>) {
    let mut propagators = Vec::new();
    let mut supported = Vec::new();
    let mut unsupported = Vec::new();
    for &name in names {
        match propagator(name) {
            Some(propagator) => {
                propagators.push(propagator);
                supported.push(name.to_string());
            }
            None => unsupported.push(name.to_string()),
        }
    }
    let fallback = if supported.is_empty() { "none".to_owned() } else { supported.join(",") };
    let problem = |name| Problem::new("OTEL_PROPAGATORS", name, "not supported yet", &fallback);
    (TextMapCompositePropagator::new(propagators), unsupported.into_iter().map(problem).collect())
}

fn propagator(name: PropagatorName) -> Option<Box<dyn TextMapPropagator + Send + Sync>> {
    match name {
        PropagatorName::TraceContext => Some(Box::new(TraceContextPropagator::new())),
        PropagatorName::Baggage => Some(Box::new(BaggagePropagator::new())),
        PropagatorName::B3 | PropagatorName::B3Multi | PropagatorName::Jaeger | PropagatorName::Xray => None,
    }
}

/// The only line of a header: `None` if there is none, or more than one.
fn single<'a>(extractor: &'a dyn opentelemetry::propagation::Extractor, name: &str) -> Option<&'a str> {
    match extractor.get_all(name)?.as_slice() {
        [line] => Some(line.trim_matches([' ', '\t'])),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
