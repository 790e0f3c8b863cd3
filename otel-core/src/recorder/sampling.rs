//! The sampling decision.

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{Link, SpanKind, TraceId, TraceState};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, ShouldSample};

use crate::config::SamplerChoice;
use crate::span_ids::Parent;

/// A sampler. The samplers of the specification decide before anything is built for a span.
#[derive(Debug)]
pub(crate) enum Sampling {
    /// A sampler of the specification. It needs only the parent and the trace id.
    BuiltIn {
        /// `true` if a parent's decision is followed.
        parent_based: bool,
        /// The decision for all other spans.
        root: Root,
    },
    /// A sampler of the application.
    Custom(Box<dyn ShouldSample>),
}

/// `true` if any provider of this process has had a sampler of the application.
static HAS_CUSTOM: AtomicBool = AtomicBool::new(false);

/// Returns `true` if our recorder may have a sampler of the application.
#[inline]
pub(crate) fn has_custom_sampler() -> bool {
    HAS_CUSTOM.load(Ordering::Relaxed)
}

/// The decision about spans that follow no parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    AlwaysOn,
    AlwaysOff,
    /// Sampled if the last 64 bits of the trace id, without the lowest bit, are below this number.
    Below(u64),
}

/// A sampling decision.
#[derive(Debug)]
pub(crate) struct Decision {
    /// `true` if the span is recorded.
    pub(crate) is_recording: bool,
    /// `true` if the span is exported; child spans inherit this flag.
    pub(crate) is_sampled: bool,
    /// Attributes that the sampler adds.
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) trace_state: TraceState,
}

impl From<SamplerChoice> for Sampling {
    fn from(choice: SamplerChoice) -> Self {
        let (parent_based, root) = match choice {
            SamplerChoice::AlwaysOn => (false, Root::AlwaysOn),
            SamplerChoice::AlwaysOff => (false, Root::AlwaysOff),
            SamplerChoice::TraceIdRatio(ratio) => (false, Root::ratio(ratio)),
            SamplerChoice::ParentBasedAlwaysOn => (true, Root::AlwaysOn),
            SamplerChoice::ParentBasedAlwaysOff => (true, Root::AlwaysOff),
            SamplerChoice::ParentBasedTraceIdRatio(ratio) => (true, Root::ratio(ratio)),
        };
        Self::BuiltIn { parent_based, root }
    }
}

impl Root {
    /// The share of traces to sample, as `opentelemetry_sdk` computes it: services that sample the same share have to pick
    /// the same traces.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "saturates"
    )]
    fn ratio(ratio: f64) -> Self {
        if ratio >= 1.0 { Self::AlwaysOn } else { Self::Below((ratio.max(0.0) * (1_u64 << 63) as f64) as u64) }
    }

    fn samples(self, trace_id: TraceId) -> bool {
        match self {
            Self::AlwaysOn => true,
            Self::AlwaysOff => false,
            Self::Below(bound) => {
                trace_id.to_bytes().last_chunk().is_some_and(|last| u64::from_be_bytes(*last) >> 1 < bound)
            }
        }
    }
}

/// A span that is about to start, as custom samplers see it.
#[derive(Debug)]
pub(crate) struct Candidate<'a> {
    pub(crate) context: &'a Context,
    /// The span in the context.
    pub(crate) parent: Option<Parent<'a>>,
    pub(crate) trace_id: TraceId,
    pub(crate) name: &'a str,
    pub(crate) kind: &'a SpanKind,
    pub(crate) attributes: &'a [KeyValue],
    pub(crate) links: &'a [Link],
}

impl Sampling {
    /// Called when a provider starts to use the sampler.
    pub(super) fn register(&self) {
        if matches!(self, Self::Custom(_)) {
            HAS_CUSTOM.store(true, Ordering::Relaxed);
        }
    }

    /// The decision of a built-in sampler. `None` if the sampler is the application's, which needs the whole span.
    pub(crate) fn decide_early(&self, parent: Option<Parent<'_>>, trace_id: TraceId) -> Option<bool> {
        match self {
            Self::BuiltIn { parent_based: true, root } => {
                Some(parent.map_or_else(|| root.samples(trace_id), |parent| parent.ids.flags.is_sampled()))
            }
            Self::BuiltIn { parent_based: false, root } => Some(root.samples(trace_id)),
            Self::Custom(_) => None,
        }
    }

    /// Returns `true` if no span without a parent is sampled, whatever its trace id is.
    pub(crate) const fn samples_no_roots(&self) -> bool {
        matches!(self, Self::BuiltIn { root: Root::AlwaysOff | Root::Below(0), .. })
    }

    /// The decision about a span that is about to start.
    pub(crate) fn decide(&self, candidate: &Candidate<'_>) -> Decision {
        let Candidate { context, parent, trace_id, name, kind, attributes, links } = candidate;
        if let Self::Custom(sampler) = self {
            let result = sampler.should_sample(Some(*context), *trace_id, name, kind, attributes, links);
            return Decision {
                is_recording: result.decision != SamplingDecision::Drop,
                is_sampled: result.decision == SamplingDecision::RecordAndSample,
                attributes: result.attributes,
                trace_state: result.trace_state,
            };
        }
        let is_sampled = self.decide_early(*parent, *trace_id).unwrap_or(false);
        Decision {
            is_recording: is_sampled,
            is_sampled,
            attributes: Vec::new(),
            trace_state: Parent::trace_state(*parent),
        }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags};
    use opentelemetry_sdk::trace::Sampler;

    use super::*;

    fn choices() -> [(SamplerChoice, Sampler); 6] {
        let parent_based = |root| Sampler::ParentBased(Box::new(root));
        [
            (SamplerChoice::AlwaysOn, Sampler::AlwaysOn),
            (SamplerChoice::AlwaysOff, Sampler::AlwaysOff),
            (SamplerChoice::TraceIdRatio(0.3), Sampler::TraceIdRatioBased(0.3)),
            (SamplerChoice::ParentBasedAlwaysOn, parent_based(Sampler::AlwaysOn)),
            (SamplerChoice::ParentBasedAlwaysOff, parent_based(Sampler::AlwaysOff)),
            (SamplerChoice::ParentBasedTraceIdRatio(0.7), parent_based(Sampler::TraceIdRatioBased(0.7))),
        ]
    }

    #[test]
    fn built_in_samplers_decide_as_the_sdks_do() {
        let parents = [None, Some((true, true)), Some((true, false)), Some((false, true)), Some((false, false))];
        for (choice, theirs) in choices() {
            let ours = Sampling::from(choice);
            for parent in parents {
                for seed in 0..if cfg!(miri) { 4 } else { 64_u128 } {
                    let trace_id = TraceId::from((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835));
                    let context = parent.map_or_else(Context::new, |(remote, sampled)| {
                        let flags = if sampled { TraceFlags::SAMPLED } else { TraceFlags::NOT_SAMPLED };
                        let parent = SpanContext::new(trace_id, SpanId::from(7), flags, remote, TraceState::NONE);
                        Context::new().with_remote_span_context(parent)
                    });
                    let span = context.span();
                    let candidate = Candidate {
                        context: &context,
                        parent: Parent::of(span.span_context()),
                        trace_id,
                        name: "span",
                        kind: &SpanKind::Internal,
                        attributes: &[],
                        links: &[],
                    };
                    let expected =
                        theirs.should_sample(Some(&context), trace_id, "span", &SpanKind::Internal, &[], &[]);
                    let decision = ours.decide(&candidate);
                    assert_eq!(
                        decision.is_sampled,
                        expected.decision == SamplingDecision::RecordAndSample,
                        "{choice} {parent:?} {trace_id}"
                    );
                }
            }
        }
    }
}
