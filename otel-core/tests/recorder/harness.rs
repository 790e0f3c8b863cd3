//! One way to build, flush and end either implementation, and an exporter that keeps its spans.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, TraceFlags, TraceId, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{
    Sampler, SamplingDecision, SamplingResult, SdkTracerProvider, ShouldSample, SpanData, SpanExporter,
};
use otel_core::config::{BatchSettings, SamplerChoice, SpanLimitSettings};

/// The settings of a provider.
#[derive(Clone, Default)]
pub(crate) struct Setup {
    pub(crate) sampler: Option<CustomSampler>,
    pub(crate) choice: SamplerChoice,
    pub(crate) limits: SpanLimitSettings,
    pub(crate) resource: Option<Resource>,
}

/// A provider under test.
pub(crate) trait Recorder: Clone + Sized + TracerProvider<Tracer: Tracer<Span: Send + Sync + 'static>> {
    fn with(setup: Setup, exporters: &[Store]) -> Self;
    fn flush(&self) -> OTelSdkResult;
    fn end(&self) -> OTelSdkResult;

    fn set_up(setup: Setup) -> (Self, Store) {
        let store = Store::default();
        (Self::with(setup, std::slice::from_ref(&store)), store)
    }

    /// The spans of `work`.
    fn spans_of(setup: Setup, work: impl FnOnce(&Self::Tracer)) -> Vec<SpanData> {
        let (provider, store) = Self::set_up(setup);
        work(&provider.tracer("test"));
        provider.flush().unwrap();
        store.spans()
    }

    /// The one span of `work`.
    fn span_of(setup: Setup, work: impl FnOnce(&Self::Tracer)) -> SpanData {
        let mut spans = Self::spans_of(setup, work);
        assert_eq!(spans.len(), 1, "{spans:?}");
        spans.remove(0)
    }
}

pub(crate) type Ours = otel_core::recorder::TracerProvider;
pub(crate) type Sdk = SdkTracerProvider;

impl Recorder for Ours {
    fn with(setup: Setup, exporters: &[Store]) -> Self {
        let mut builder = Self::builder().with_limits(setup.limits).with_sampler_choice(setup.choice);
        if let Some(sampler) = setup.sampler {
            builder = builder.with_sampler(sampler);
        }
        if let Some(resource) = setup.resource {
            builder = builder.with_resource(resource);
        }
        exporters.iter().fold(builder, |builder, store| builder.with_exporter(store.clone())).build()
    }

    fn flush(&self) -> OTelSdkResult {
        self.force_flush()
    }

    fn end(&self) -> OTelSdkResult {
        self.shutdown()
    }
}

impl Recorder for Sdk {
    fn with(setup: Setup, exporters: &[Store]) -> Self {
        let SpanLimitSettings { attributes, events, links, attributes_per_event, attributes_per_link, .. } =
            setup.limits;
        let mut builder = Self::builder()
            .with_max_attributes_per_span(attributes)
            .with_max_events_per_span(events)
            .with_max_links_per_span(links)
            .with_max_attributes_per_event(attributes_per_event)
            .with_max_attributes_per_link(attributes_per_link);
        let parent_based = |root| Sampler::ParentBased(Box::new(root));
        builder = match (setup.sampler, setup.choice) {
            (Some(sampler), _) => builder.with_sampler(sampler),
            (None, SamplerChoice::AlwaysOn) => builder.with_sampler(Sampler::AlwaysOn),
            (None, SamplerChoice::AlwaysOff) => builder.with_sampler(Sampler::AlwaysOff),
            (None, SamplerChoice::ParentBasedAlwaysOff) => builder.with_sampler(parent_based(Sampler::AlwaysOff)),
            (None, _) => builder.with_sampler(parent_based(Sampler::AlwaysOn)),
        };
        if let Some(resource) = setup.resource {
            builder = builder.with_resource(resource);
        }
        exporters.iter().fold(builder, |builder, store| builder.with_batch_exporter(store.clone())).build()
    }

    fn flush(&self) -> OTelSdkResult {
        self.force_flush()
    }

    fn end(&self) -> OTelSdkResult {
        self.shutdown()
    }
}

/// Runs each case against both implementations, as tests of their own.
macro_rules! on_both {
    ($($case:ident),+ $(,)?) => {
        mod ours {
            $(#[test] fn $case() { super::$case::<crate::harness::Ours>(); })+
        }
        mod sdk {
            $(#[test] fn $case() { super::$case::<crate::harness::Sdk>(); })+
        }
    };
}
pub(crate) use on_both;

/// The answer of an exporter to a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Answer {
    #[default]
    Take,
    Fail,
    /// Panics with a payload that panics again when it is dropped.
    Panic,
}

struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        panic!("the payload, too");
    }
}

/// An exporter that keeps its spans, even after a shutdown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    spans: Arc<Mutex<Vec<SpanData>>>,
    resource: Arc<Mutex<Option<Resource>>>,
    shutdowns: Arc<AtomicUsize>,
    answer: Arc<Mutex<Answer>>,
}

impl Store {
    pub(crate) fn spans(&self) -> Vec<SpanData> {
        self.spans.lock().unwrap().clone()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.spans().iter().map(|span| span.name.to_string()).collect()
    }

    pub(crate) fn resource(&self) -> Option<Resource> {
        self.resource.lock().unwrap().clone()
    }

    pub(crate) fn shutdowns(&self) -> usize {
        self.shutdowns.load(Ordering::SeqCst)
    }

    pub(crate) fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }
}

impl SpanExporter for Store {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let answer = *self.answer.lock().unwrap();
        match answer {
            Answer::Take => {
                self.spans.lock().unwrap().extend(batch);
                Ok(())
            }
            Answer::Fail => Err(OTelSdkError::InternalFailure("on purpose".to_owned())),
            Answer::Panic => std::panic::panic_any(Payload),
        }
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.shutdowns.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn set_resource(&mut self, resource: &Resource) {
        *self.resource.lock().unwrap() = Some(resource.clone());
    }
}

/// A sampler that decides by its setting, and keeps its arguments.
#[derive(Clone, Debug)]
pub(crate) struct CustomSampler {
    decision: SamplingDecision,
    attributes: Vec<KeyValue>,
    trace_state: Option<TraceState>,
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shown {
    pub(crate) parent: SpanContext,
    pub(crate) trace_id: TraceId,
    pub(crate) name: String,
    pub(crate) kind: SpanKind,
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) links: usize,
}

impl CustomSampler {
    pub(crate) fn new(decision: SamplingDecision) -> Self {
        Self { decision, attributes: Vec::new(), trace_state: None, shown: Arc::default() }
    }

    pub(crate) fn adding(self, attributes: impl Into<Vec<KeyValue>>) -> Self {
        Self { attributes: attributes.into(), ..self }
    }

    pub(crate) fn stating(self, trace_state: TraceState) -> Self {
        Self { trace_state: Some(trace_state), ..self }
    }

    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.shown.lock().unwrap().clone()
    }
}

impl ShouldSample for CustomSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        use opentelemetry::trace::TraceContextExt as _;

        let parent = parent.map_or(SpanContext::NONE, |parent| parent.span().span_context().clone());
        let trace_state = self.trace_state.clone().unwrap_or_else(|| parent.trace_state().clone());
        self.shown.lock().unwrap().push(Shown {
            parent,
            trace_id,
            name: name.to_owned(),
            kind: kind.clone(),
            attributes: attributes.to_vec(),
            links: links.len(),
        });
        SamplingResult { decision: self.decision.clone(), attributes: self.attributes.clone(), trace_state }
    }
}

/// A remote parent.
pub(crate) fn span_context(flags: u8, is_remote: bool) -> SpanContext {
    let state = TraceState::from_key_value([("vendor", "told")]).unwrap();
    SpanContext::new(TraceId::from(0xabcd_u128), SpanId::from(0x1234_u64), TraceFlags::new(flags), is_remote, state)
}

/// Limits that a test can exceed.
pub(crate) fn small_limits() -> SpanLimitSettings {
    limits(|limits| {
        (limits.attributes, limits.events, limits.links) = (3, 2, 2);
        (limits.attributes_per_event, limits.attributes_per_link) = (1, 1);
    })
}

/// The default limits with a change.
pub(crate) fn limits(change: impl FnOnce(&mut SpanLimitSettings)) -> SpanLimitSettings {
    let mut limits = SpanLimitSettings::default();
    change(&mut limits);
    limits
}

/// A queue of this size, whose batches do not wait for the delay.
pub(crate) fn batch(queue: usize, batch: usize) -> BatchSettings {
    let mut settings = BatchSettings::default();
    settings.schedule_delay = Some(Duration::from_secs(60));
    (settings.max_queue_size, settings.max_export_batch_size) = (queue, batch);
    settings
}

/// Waits until a condition holds.
pub(crate) fn eventually(what: &str, condition: impl Fn() -> bool) {
    let start = std::time::Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what} did not happen");
        std::thread::yield_now();
    }
}
