//! The tracer provider: its parts, and its end.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter};

use super::active_tracer;
use super::batch::Batch;
use super::commands::{Commands, PendingResult};
use super::exporter::{RecordExporter, SpanDataExporter, name_of};
use super::provider_core::{ProviderCore, TracerCore};
use super::queue::Queue;
use super::sampling::Sampling;
use super::shard::Shard;
use super::tracer::Tracer;
use super::worker::{Exported, Worker};
use crate::config::{BatchSettings, SamplerChoice, SpanLimitSettings};
use crate::panics::caught;
use crate::self_log;

/// The longest time that a finished span waits
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor)).
const SCHEDULE_DELAY: Duration = Duration::from_secs(5);

/// The shortest delay. Without any, the worker would never sleep.
const MIN_DELAY: Duration = Duration::from_millis(1);

/// The default of `opentelemetry_sdk`.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Our implementation of the API's tracer provider. Clones share their state; dropping the last one ends its threads.
///
/// ```
/// use opentelemetry::trace::{Tracer as _, TracerProvider as _};
/// use opentelemetry_sdk::trace::InMemorySpanExporter;
/// use otel_core::recorder::TracerProvider;
///
/// let exporter = InMemorySpanExporter::default();
/// let provider = TracerProvider::builder().with_exporter(exporter.clone()).build();
/// provider.tracer("example").in_span("work", |_| {});
/// provider.force_flush()?;
/// assert_eq!(exporter.get_finished_spans()?[0].name, "work");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TracerProvider {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    core: Arc<ProviderCore>,
    branches: Vec<Branch>,
}

/// One exporter: its queue, its commands, and its counts.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) destination: String,
    pub(crate) queue: Arc<Queue<Shard>>,
    pub(crate) exported: Arc<Exported>,
    commands: Arc<Commands>,
}

impl TracerProvider {
    /// A provider with the specification's defaults and no exporter.
    pub fn builder() -> TracerProviderBuilder {
        TracerProviderBuilder::default()
    }

    /// Exports the spans that have ended, and waits until that is done.
    ///
    /// # Errors
    /// If an exporter fails, or takes longer than five seconds.
    pub fn force_flush(&self) -> OTelSdkResult {
        self.force_flush_within(SHUTDOWN_TIMEOUT)
    }

    /// As [`force_flush`](Self::force_flush), with another timeout.
    ///
    /// # Errors
    /// If an exporter fails, or takes longer than `timeout`.
    pub fn force_flush_within(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.command_all(timeout, Commands::flush)
    }

    /// Exports the spans that have ended, and shuts down. Spans that end later are dropped and counted.
    ///
    /// # Errors
    /// If the provider is shut down already; if an exporter fails, or takes longer than five seconds.
    pub fn shutdown(&self) -> OTelSdkResult {
        self.shutdown_with_timeout(SHUTDOWN_TIMEOUT)
    }

    /// As [`shutdown`](Self::shutdown), with another timeout.
    ///
    /// # Errors
    /// If the provider is shut down already; if an exporter fails, or takes longer than `timeout`.
    pub fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        if self.inner.core.is_shut_down.swap(true, Ordering::SeqCst) {
            return Err(OTelSdkError::AlreadyShutdown);
        }
        self.inner.command_all(timeout, |commands| commands.end(timeout))
    }

    /// The number of spans that were dropped so far, because a queue was full or because they ended after the shutdown.
    #[must_use]
    pub fn dropped_spans(&self) -> u64 {
        self.inner.branches.iter().map(|branch| branch.queue.dropped()).sum()
    }

    pub(crate) fn branches(&self) -> &[Branch] {
        &self.inner.branches
    }
}

impl Branch {
    /// The number of spans that were neither exported nor counted as failed by the exporter.
    pub(crate) fn lost(&self) -> u64 {
        let waiting = self.queue.len().saturating_add(self.exported.in_flight.load(Ordering::Acquire));
        self.queue.dropped().saturating_add(waiting as u64)
    }
}

impl opentelemetry::trace::TracerProvider for TracerProvider {
    type Tracer = Tracer;

    fn tracer_with_scope(&self, scope: InstrumentationScope) -> Self::Tracer {
        active_tracer::answer(&scope, &self.inner.core);
        Tracer { core: Arc::new(TracerCore { scope: Arc::new(scope), provider: Arc::clone(&self.inner.core) }) }
    }
}

impl Inner {
    /// Sends a command to every worker at once, and waits for all results.
    fn command_all(
        &self,
        timeout: Duration,
        command: impl Fn(&Commands) -> Result<PendingResult, OTelSdkError>,
    ) -> OTelSdkResult {
        let start = Instant::now();
        let send = |branch: &Branch| {
            let answer = command(&branch.commands);
            branch.queue.call();
            answer
        };
        let answers: Vec<_> = self.branches.iter().map(send).collect();
        let mut result = Ok(());
        for answered in answers {
            let left = timeout.saturating_sub(start.elapsed());
            let answer = answered.and_then(|answered| match answered.recv_timeout(left) {
                Ok(result) => result,
                Err(RecvTimeoutError::Timeout) => Err(OTelSdkError::Timeout(timeout)),
                Err(RecvTimeoutError::Disconnected) => Err(OTelSdkError::AlreadyShutdown),
            });
            result = result.and(answer);
        }
        result
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.core.is_shut_down.store(true, Ordering::SeqCst);
        for branch in &self.branches {
            branch.commands.end_unattended(SHUTDOWN_TIMEOUT);
            branch.queue.call();
        }
    }
}

/// Builds a [`TracerProvider`].
#[derive(Debug)]
#[must_use = "nothing is recorded before `build` is called"]
pub struct TracerProviderBuilder {
    sampling: Sampling,
    limits: SpanLimitSettings,
    resource: Option<Resource>,
    batch: BatchSettings,
    exporters: Vec<(Box<dyn RecordExporter>, String, BatchSettings)>,
}

impl Default for TracerProviderBuilder {
    fn default() -> Self {
        Self {
            sampling: SamplerChoice::ParentBasedAlwaysOn.into(),
            limits: SpanLimitSettings::default(),
            resource: None,
            batch: BatchSettings::default(),
            exporters: Vec::new(),
        }
    }
}

impl TracerProviderBuilder {
    /// One of the specification's samplers. They decide before anything is built for a span.
    pub fn with_sampler_choice(self, sampler: SamplerChoice) -> Self {
        Self { sampling: sampler.into(), ..self }
    }

    /// A sampler of the application. It sees the attributes that are known when a span starts; so they are built for every
    /// request, which costs more than with a sampler of the specification.
    pub fn with_sampler(self, sampler: impl ShouldSample + 'static) -> Self {
        Self { sampling: Sampling::Custom(Box::new(sampler)), ..self }
    }

    /// How much data one span may hold.
    pub fn with_limits(self, limits: SpanLimitSettings) -> Self {
        Self { limits, ..self }
    }

    /// The resource that emits the spans.
    pub fn with_resource(self, resource: Resource) -> Self {
        Self { resource: Some(resource), ..self }
    }

    /// The batches and queues of the exporters that are added after this call.
    pub fn with_batch(self, batch: BatchSettings) -> Self {
        Self { batch, ..self }
    }

    /// Any exporter of `opentelemetry_sdk`, on a thread of its own.
    pub fn with_exporter<E: SpanExporter + 'static>(self, exporter: E) -> Self {
        let destination = name_of(&exporter).to_owned();
        self.with_record_exporter(SpanDataExporter::boxed(exporter), destination)
    }

    pub(crate) fn with_record_exporter(mut self, exporter: Box<dyn RecordExporter>, destination: String) -> Self {
        self.exporters.push((exporter, destination, self.batch));
        self
    }

    /// Starts a thread for each exporter. If that fails, it is reported, and the spans count as dropped.
    #[must_use]
    pub fn build(self) -> TracerProvider {
        let Self { sampling, limits, resource, exporters, .. } = self;
        sampling.register();
        active_tracer::count_provider();
        let resource = resource.unwrap_or_else(|| Resource::builder().build());
        let branches: Vec<Branch> = exporters
            .into_iter()
            .map(|(mut exporter, destination, batch)| {
                exporter.set_resource(&resource);
                exporter.set_limits(limits);
                branch(exporter, destination, batch)
            })
            .collect();
        let queues = branches.iter().map(|branch| Arc::clone(&branch.queue)).collect();
        let core = Arc::new(ProviderCore {
            sampling,
            limits,
            queues,
            is_shut_down: AtomicBool::new(false),
            process: process::id(),
        });
        TracerProvider { inner: Arc::new(Inner { core, branches }) }
    }
}

fn branch(exporter: Box<dyn RecordExporter>, destination: String, batch: BatchSettings) -> Branch {
    let queue = Arc::new(Queue::new(batch.max_queue_size, batch.max_export_batch_size));
    let counts = Arc::new(Exported::default());
    let commands = Arc::new(Commands::default());
    let worker = Worker {
        queue: Arc::clone(&queue),
        batch: Batch::of(&queue),
        exporter,
        exported: Arc::clone(&counts),
        commands: Arc::clone(&commands),
        delay: batch.schedule_delay.unwrap_or(SCHEDULE_DELAY).max(MIN_DELAY),
        max_batch: batch.max_export_batch_size.max(1),
        destination: destination.clone(),
    };
    match thread::Builder::new().name("otel-spans".to_owned()).spawn(|| caught(|| worker.run())) {
        Ok(handle) => queue.set_worker(handle.thread().clone()),
        // The worker was dropped, and with that it closed its queue.
        Err(error) => {
            self_log::error(format_args!("no spans are sent to {destination}: {error}"));
        }
    }
    Branch { destination, queue, exported: counts, commands }
}
