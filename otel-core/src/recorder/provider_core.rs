//! The part of a provider that its tracers share, and the part of a tracer that its spans share.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::InstrumentationScope;

use super::queue::Queue;
use super::sampling::Sampling;
use super::shard::{EndedSpan, Shard};
use crate::config::SpanLimitSettings;
use crate::fork;
use crate::span_facts::OpenFacts;

/// Makes the sampling decision, and has the queues that lead to the exporters.
#[derive(Debug)]
pub(crate) struct ProviderCore {
    pub(crate) sampling: Sampling,
    pub(crate) limits: SpanLimitSettings,
    /// One per exporter, so that a slow exporter does not hold up another.
    pub(crate) queues: Vec<Arc<Queue<Shard>>>,
    pub(crate) is_shut_down: AtomicBool,
    /// The id of the process that has the threads which empty the queues.
    pub(crate) process: u32,
}

impl ProviderCore {
    #[inline]
    pub(crate) fn is_shut_down(&self) -> bool {
        self.is_shut_down.load(Ordering::Relaxed)
    }

    /// Shuts down in a process that was forked from the one that made the provider, because nothing empties the queues
    /// there. Returns `true` if this is such a process.
    pub(super) fn shut_down_in_child(&self) -> bool {
        let is_child = self.process != process::id();
        if is_child {
            self.is_shut_down.store(true, Ordering::Relaxed);
        }
        is_child
    }

    /// Puts a span that ended into the queues. A span that is not sampled was recorded for the application alone.
    #[inline]
    pub(super) fn export(&self, span: &mut EndedSpan<'_, impl OpenFacts>) {
        if let ([others @ .., last], true) = (self.queues.as_slice(), span.record.ids.flags.is_sampled()) {
            if fork::is_child_at(span.record.end) && self.shut_down_in_child() {
                return;
            }
            for queue in others {
                queue.offer(|shard| shard.push(span, true));
            }
            last.offer(|shard| shard.push(span, false));
        }
    }
}

/// The scope of a tracer, and its provider.
#[derive(Debug)]
pub(crate) struct TracerCore {
    /// Spans that wait for their exporter keep the scope alone: the provider owns the queues in which they wait.
    pub(crate) scope: Arc<InstrumentationScope>,
    pub(crate) provider: Arc<ProviderCore>,
}
