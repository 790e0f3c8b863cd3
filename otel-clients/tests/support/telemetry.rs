//! The spans and metrics of the process.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_core::config::{BatchSettings, PropagatorName};
use otel_core::opentelemetry;
use otel_core::propagation::install;
use otel_core::recorder::TracerProvider;

use super::PATIENCE;

/// A trace that belongs to one test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace(u64);

impl Trace {
    pub(crate) const PARENT: u64 = 0x00f0_67aa_0ba9_02b7;

    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        LazyLock::force(&SPANS);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn id(self) -> TraceId {
        TraceId::from(u128::from(self.0) | 0xabcd << 96)
    }

    /// The context whose calls belong to the trace.
    pub(crate) fn context(self) -> Context {
        let (parent, state) = (SpanId::from(Self::PARENT), TraceState::NONE);
        Context::new().with_remote_span_context(SpanContext::new(self.id(), parent, TraceFlags::SAMPLED, true, state))
    }

    /// The future in that context.
    pub(crate) async fn run<T>(self, future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|cx| {
            let _attached = self.context().attach();
            future.as_mut().poll(cx)
        })
        .await
    }

    /// The spans of this trace by their start, once there are `count` of them. Fails if there are more.
    pub(crate) fn spans(self, count: usize) -> Vec<SpanData> {
        let mut spans = SPANS.wait(|spans| {
            let mine: Vec<_> = spans.iter().filter(|span| span.span_context.trace_id() == self.id()).cloned().collect();
            (mine.len() >= count).then_some(mine)
        });
        assert_eq!(spans.len(), count, "{spans:#?}");
        spans.sort_by_key(|span| span.start_time);
        spans
    }

    /// The only span of this trace.
    pub(crate) fn span(self) -> SpanData {
        self.spans(1).remove(0)
    }

    /// Fails unless these are the `traceparent` headers of two requests: one without a span, which goes on with the trace
    /// unsampled, and one with a span.
    pub(crate) fn assert_only_last_has_span(self, headers: &[&str]) {
        let [first, last] = headers else { panic!("two requests: {headers:?}") };
        assert!(first.starts_with(&format!("00-{}-", self.id())) && first.ends_with("-00"), "{first}");
        assert_eq!(*last, format!("00-{}-{}-01", self.id(), self.span().span_context.span_id()));
    }

    /// The number of spans that have ended so far.
    pub(crate) fn ended(self) -> usize {
        SPANS.lock().iter().filter(|span| span.span_context.trace_id() == self.id()).count()
    }
}

/// The value of an attribute as text. `None` if the span has no such attribute.
pub(crate) fn attribute(span: &SpanData, key: &str) -> Option<String> {
    span.attributes.iter().find(|kv| kv.key.as_str() == key).map(|kv| kv.value.to_string())
}

/// The attributes of a span, as `key=value` in alphabetical order.
pub(crate) fn text(span: &SpanData) -> String {
    let mut lines: Vec<String> = span.attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
    lines.sort();
    lines.join(" ")
}

static SPANS: LazyLock<&'static Collected> = LazyLock::new(|| {
    let collected: &'static Collected = Box::leak(Box::default());
    // The spans are the same with any provider of an application.
    if std::env::var_os("TEST_WITH_SDK_PROVIDER").is_some() {
        global::set_tracer_provider(SdkTracerProvider::builder().with_simple_exporter(Collector(collected)).build());
    } else {
        let mut batch = BatchSettings::default();
        (batch.max_queue_size, batch.max_export_batch_size) = (100_000, 1);
        let provider = TracerProvider::builder().with_batch(batch).with_exporter(Collector(collected)).build();
        global::set_tracer_provider(provider);
    }
    install(&[PropagatorName::TraceContext, PropagatorName::Baggage]);
    LazyLock::force(&METRICS);
    collected
});

static METRICS: LazyLock<(SdkMeterProvider, InMemoryMetricExporter)> = LazyLock::new(|| {
    let exporter = InMemoryMetricExporter::default();
    let provider = SdkMeterProvider::builder().with_reader(PeriodicReader::builder(exporter.clone()).build()).build();
    global::set_meter_provider(provider.clone());
    (provider, exporter)
});

/// All metrics so far. `None` if nothing was measured.
pub(crate) fn metrics() -> Option<ResourceMetrics> {
    let (provider, exporter) = &*METRICS;
    provider.force_flush().unwrap();
    exporter.get_finished_metrics().unwrap().pop()
}

/// The names of all metrics so far.
pub(crate) fn metric_names() -> Vec<String> {
    let metrics = metrics();
    let metrics = metrics.iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    metrics.map(|metric| metric.name().to_owned()).collect()
}

/// The points of a histogram of seconds that have this attribute: their count and other attributes.
pub(crate) fn durations(name: &str, attribute: &str) -> Vec<(u64, String)> {
    let (metrics, mut points) = (metrics(), Vec::new());
    let metrics = metrics.iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    for metric in metrics.filter(|metric| metric.name() == name) {
        let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else { panic!("a histogram") };
        for point in histogram.data_points() {
            let mut lines: Vec<_> = point.attributes().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
            lines.sort();
            if lines.iter().any(|line| line == attribute) {
                points.push((point.count(), lines.join(" ")));
            }
        }
    }
    points
}

/// The sums of the histogram of bytes with this name, of the points that have this attribute.
pub(crate) fn sizes(name: &str, attribute: &str) -> Vec<u64> {
    let (metrics, mut sums) = (metrics(), Vec::new());
    let metrics = metrics.iter().flat_map(ResourceMetrics::scope_metrics).flat_map(ScopeMetrics::metrics);
    for metric in metrics.filter(|metric| metric.name() == name) {
        let AggregatedMetrics::U64(MetricData::Histogram(histogram)) = metric.data() else { panic!("a histogram") };
        let is_wanted = |kv: &KeyValue| format!("{}={}", kv.key, kv.value) == attribute;
        for point in histogram.data_points().filter(|point| point.attributes().any(is_wanted)) {
            sums.push(point.sum());
        }
    }
    sums
}

#[derive(Debug, Default)]
struct Collected {
    spans: Mutex<Vec<SpanData>>,
    more: Condvar,
}

impl Collected {
    /// The panic of another test may have poisoned the lock, which does not matter here.
    fn lock(&self) -> MutexGuard<'_, Vec<SpanData>> {
        self.spans.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T>(&self, mut found: impl FnMut(&[SpanData]) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut spans = self.lock();
        loop {
            if let Some(found) = found(&spans) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "spans that were waited for did not come: {spans:#?}");
            spans = self.more.wait_timeout(spans, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[derive(Debug)]
struct Collector(&'static Collected);

impl SpanExporter for Collector {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().extend(batch);
        self.0.more.notify_all();
        Ok(())
    }
}
