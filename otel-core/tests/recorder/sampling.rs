//! Recorded spans, exported spans, and the decision that children see.

use opentelemetry::trace::{Link, Span as _, SpanContext, SpanKind, TraceContextExt as _, TraceState, Tracer as _};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::SamplingDecision;
use otel_core::config::SamplerChoice;

use crate::harness::{CustomSampler, Recorder, Setup, on_both, span_context};

on_both!(
    what_is_dropped_only_carries_its_context,
    what_is_recorded_only_is_recorded,
    what_is_sampled_says_so,
    children_do_as_their_parents,
    a_parents_decision_does_not_bind_other_samplers,
    a_sampler_is_shown_what_is_known,
    a_sampler_adds_attributes,
    a_sampler_changes_the_trace_state,
    suppressed_spans_are_none,
);

fn sampled_by(decision: SamplingDecision) -> Setup {
    Setup { sampler: Some(CustomSampler::new(decision)), ..Setup::default() }
}

fn chosen(choice: SamplerChoice) -> Setup {
    Setup { choice, ..Setup::default() }
}

fn what_is_dropped_only_carries_its_context<R: Recorder>() {
    let parent = Context::new().with_remote_span_context(span_context(1, true));
    for setup in [sampled_by(SamplingDecision::Drop), chosen(SamplerChoice::AlwaysOff)] {
        let spans = R::spans_of(setup, |tracer| {
            for parent in [&Context::new(), &parent] {
                let mut span = tracer.start_with_context("span", parent);
                assert!(!span.is_recording() && !span.span_context().is_sampled());
                assert!(span.span_context().is_valid());
                let above = parent.span().span_context().clone();
                if above.is_valid() {
                    assert_eq!(span.span_context().trace_id(), above.trace_id());
                    assert_ne!(span.span_context().span_id(), above.span_id());
                    assert_eq!(span.span_context().trace_state(), above.trace_state());
                }
                span.set_attribute(KeyValue::new("a", 1));
            }
        });
        assert!(spans.is_empty(), "{spans:?}");
    }
}

/// Exporting such a span is one of the [differences](crate::differences).
fn what_is_recorded_only_is_recorded<R: Recorder>() {
    R::spans_of(sampled_by(SamplingDecision::RecordOnly), |tracer| {
        let mut span = tracer.start("span");
        assert!(span.is_recording());
        assert!(!span.span_context().is_sampled());
        span.end();
        assert!(!span.is_recording());
        // The same below a parent that is recorded.
        let parent = Context::new().with_remote_span_context(span_context(1, true));
        assert!(!tracer.start_with_context("child", &parent).span_context().is_sampled());
    });
}

fn what_is_sampled_says_so<R: Recorder>() {
    for setup in [sampled_by(SamplingDecision::RecordAndSample), Setup::default(), chosen(SamplerChoice::AlwaysOn)] {
        let span = R::span_of(setup, |tracer| {
            let span = tracer.start("span");
            assert!(span.is_recording() && span.span_context().is_sampled());
        });
        assert!(span.span_context.is_sampled());
    }
}

fn children_do_as_their_parents<R: Recorder>() {
    for is_remote in [true, false] {
        for (flags, choice) in [(1, SamplerChoice::ParentBasedAlwaysOff), (0, SamplerChoice::ParentBasedAlwaysOn)] {
            let parent = Context::new().with_remote_span_context(span_context(flags, is_remote));
            let spans = R::spans_of(chosen(choice), |tracer| {
                let child = tracer.start_with_context("child", &parent);
                assert_eq!((child.is_recording(), child.span_context().is_sampled()), (flags == 1, flags == 1));
                // The same for the children of a span that is not recorded.
                let grandchild = tracer.start_with_context("grandchild", &Context::new().with_span(child));
                assert_eq!(grandchild.is_recording(), flags == 1);
                assert_eq!(grandchild.span_context().trace_id(), parent.span().span_context().trace_id());
            });
            assert_eq!(spans.len(), if flags == 1 { 2 } else { 0 });
        }
    }
}

fn a_parents_decision_does_not_bind_other_samplers<R: Recorder>() {
    for (flags, choice, exported) in [(0, SamplerChoice::AlwaysOn, 1), (1, SamplerChoice::AlwaysOff, 0)] {
        let parent = Context::new().with_remote_span_context(span_context(flags, true));
        let spans = R::spans_of(chosen(choice), |tracer| drop(tracer.start_with_context("span", &parent)));
        assert_eq!(spans.len(), exported, "{choice}");
    }
}

fn a_sampler_is_shown_what_is_known<R: Recorder>() {
    let sampler = CustomSampler::new(SamplingDecision::RecordAndSample);
    let parent = span_context(1, true);
    let context = Context::new().with_remote_span_context(parent.clone());
    let span = R::span_of(Setup { sampler: Some(sampler.clone()), ..Setup::default() }, |tracer| {
        let builder = tracer
            .span_builder("span")
            .with_kind(SpanKind::Consumer)
            .with_attributes([KeyValue::new("a", 1)])
            .with_links(vec![Link::new(span_context(0, true), Vec::new(), 0)]);
        drop(tracer.build_with_context(builder, &context));
    });
    let shown = sampler.shown().remove(0);
    assert_eq!(shown.parent, parent);
    assert_eq!(shown.trace_id, span.span_context.trace_id());
    assert_eq!((shown.name.as_str(), shown.kind), ("span", SpanKind::Consumer));
    assert_eq!((shown.attributes.as_slice(), shown.links), ([KeyValue::new("a", 1)].as_slice(), 1));
}

fn a_sampler_adds_attributes<R: Recorder>() {
    let sampler = CustomSampler::new(SamplingDecision::RecordAndSample).adding([KeyValue::new("sampler", 2)]);
    let span = R::span_of(Setup { sampler: Some(sampler), ..Setup::default() }, |tracer| {
        let mut span = tracer.build(tracer.span_builder("span").with_attributes([KeyValue::new("builder", 1)]));
        span.set_attribute(KeyValue::new("later", 3));
    });
    let expected = [KeyValue::new("builder", 1), KeyValue::new("sampler", 2), KeyValue::new("later", 3)];
    assert_eq!(span.attributes, expected);
}

fn a_sampler_changes_the_trace_state<R: Recorder>() {
    let state = TraceState::from_key_value([("vendor", "changed")]).unwrap();
    let parent = Context::new().with_remote_span_context(span_context(1, true));
    for decision in [SamplingDecision::RecordAndSample, SamplingDecision::RecordOnly, SamplingDecision::Drop] {
        let sampler = CustomSampler::new(decision.clone()).stating(state.clone());
        R::spans_of(Setup { sampler: Some(sampler), ..Setup::default() }, |tracer| {
            let span = tracer.start_with_context("span", &parent);
            assert_eq!(*span.span_context().trace_state(), state, "{decision:?}");
        });
    }
}

fn suppressed_spans_are_none<R: Recorder>() {
    let sampler = CustomSampler::new(SamplingDecision::RecordAndSample);
    let spans = R::spans_of(Setup { sampler: Some(sampler.clone()), ..Setup::default() }, |tracer| {
        let parent = Context::new().with_remote_span_context(span_context(1, true));
        let span = tracer.start_with_context("span", &parent.with_telemetry_suppressed());
        assert!(!span.is_recording());
        assert_eq!(*span.span_context(), SpanContext::NONE);
        let _quiet = Context::enter_telemetry_suppressed_scope();
        assert!(!tracer.start("span").is_recording());
    });
    assert!(spans.is_empty() && sampler.shown().is_empty());
}
