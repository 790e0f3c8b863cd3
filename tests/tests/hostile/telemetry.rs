//! All propagators, and an exporter that only counts.

use opentelemetry::trace::SpanKind;
use opentelemetry::{Value, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_core::config::PropagatorName;
use otel_core::propagation::composite;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[derive(Clone, Debug, Default)]
pub(super) struct Counted {
    spans: Arc<AtomicUsize>,
}

pub(super) fn install() -> Counted {
    let counted = Counted::default();
    let provider = SdkTracerProvider::builder()
        .with_sampler(opentelemetry_sdk::trace::Sampler::AlwaysOn)
        .with_simple_exporter(counted.clone())
        .build();
    global::set_tracer_provider(provider);
    global::set_text_map_propagator(composite(&[
        PropagatorName::TraceContext,
        PropagatorName::Baggage,
        PropagatorName::B3,
        PropagatorName::B3Multi,
        PropagatorName::Jaeger,
        PropagatorName::Xray,
    ]));
    counted
}

impl Counted {
    /// A span for each request that was answered.
    pub(super) fn assert_spans(&self, expected: usize) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.spans.load(Ordering::Relaxed) < expected && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert_eq!(self.spans.load(Ordering::Relaxed), expected, "one span per answered request");
    }
}

impl SpanExporter for Counted {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            assert_eq!(span.span_kind, SpanKind::Server);
            assert!(span.span_context.is_valid());
            let method = span.name.split(' ').next().unwrap_or_default();
            assert!(["GET", "POST", "HTTP"].contains(&method), "{}", span.name);
            let mut keys = HashSet::new();
            for attribute in &span.attributes {
                assert!(keys.insert(attribute.key.as_str()), "{} twice", attribute.key);
                match attribute.key.as_str() {
                    "server.address" => assert!(!attribute.value.as_str().is_empty()),
                    "server.port" | "network.peer.port" => {
                        assert!(matches!(attribute.value, Value::I64(0..=65535)), "{:?}", attribute.value);
                    }
                    "url.query" | "http.target" => {
                        assert!(!attribute.value.as_str().contains("s3cret"), "{}", attribute.value);
                    }
                    "http.request.header.authorization" | "http.request.header.cookie" => {
                        assert!(!attribute.value.to_string().contains("s3cret"), "{}", attribute.value);
                    }
                    _ => {}
                }
            }
            self.spans.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
