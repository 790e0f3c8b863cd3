//! How the context travels between services: names → propagators.

mod b3;
mod baggage;
mod hex;
mod installed;
mod jaeger;
mod outgoing;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod trace_context;
mod trace_state;
mod xray;

pub use b3::{B3Encoding, B3Propagator};
pub use baggage::BaggagePropagator;
pub use jaeger::JaegerPropagator;
pub use trace_context::TraceContextPropagator;
pub use xray::XrayPropagator;

pub(crate) use installed::{are_usual, ask_global};
pub(crate) use outgoing::Unsampled;
pub(crate) use trace_context::{TraceContextHeaders, parse_traceparent};

use opentelemetry::global;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};

use crate::config::PropagatorName;
use installed::Installed;

/// The named propagators as one, in their order.
#[must_use]
pub fn composite(names: &[PropagatorName]) -> TextMapCompositePropagator {
    TextMapCompositePropagator::new(names.iter().copied().map(propagator).collect())
}

/// Makes the named propagators the global one.
pub fn install(names: &[PropagatorName]) {
    let are_usual = matches!(
        names,
        [PropagatorName::TraceContext, PropagatorName::Baggage]
            | [PropagatorName::Baggage, PropagatorName::TraceContext]
    );
    global::set_text_map_propagator(Installed { propagators: composite(names), are_usual });
}

fn propagator(name: PropagatorName) -> Box<dyn TextMapPropagator + Send + Sync> {
    match name {
        PropagatorName::TraceContext => Box::new(TraceContextPropagator::new()),
        PropagatorName::Baggage => Box::new(BaggagePropagator::new()),
        PropagatorName::B3 => Box::new(B3Propagator::new(B3Encoding::Single)),
        PropagatorName::B3Multi => Box::new(B3Propagator::new(B3Encoding::Multiple)),
        PropagatorName::Jaeger => Box::new(JaegerPropagator::new()),
        PropagatorName::Xray => Box::new(XrayPropagator::new()),
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
