//! The differences between the recorder and `opentelemetry_sdk` 0.33. The tests check both, so that a row can go when
//! the SDK changes.
//!
//! | what | ours | SDK | why |
//! | case | ours | SDK | reason |
//! | a key that is set twice | the last value, in the first place | both | [must be unique](https://opentelemetry.io/docs/specs/otel/common/#attribute-collections), [overwritten](https://opentelemetry.io/docs/specs/otel/trace/api/#set-attributes) |
//! | a key that is set twice at the limit | changed | dropped | it takes no room |
//! | recorded, but not sampled | not exported | exported by its batch processor | [exporters must not see it](https://opentelemetry.io/docs/specs/otel/trace/sdk/#sampling) |
//! | `Error` after `Error` | the last description | the "greater" one | [last value](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status): `Ok` alone is final |
//! | end before start | end = start | as told | OTLP: [`end_time_unix_nano`](https://github.com/open-telemetry/opentelemetry-proto/blob/v1.10.0/opentelemetry/proto/trace/v1/trace.proto) is expected to be no less than the start |
//! | end before start | end = start | as set | OTLP: [`end_time_unix_nano`](https://github.com/open-telemetry/opentelemetry-proto/blob/v1.10.0/opentelemetry/proto/trace/v1/trace.proto) is expected to be no less than the start |
//! | times before 1970 | 1970 | as set | OTLP has none |
//! | unknown flags of a parent | cleared | passed on | [level 2](https://www.w3.org/TR/trace-context-2/#other-flags): set to zero |
//! | the last handle of a provider is dropped | ends, whatever tracers there are | lives as long as a tracer | tracers are kept by threads for good |

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{
    Span as _, SpanContext, SpanKind, Status, TraceContextExt as _, TraceFlags, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SpanData};
use otel_core::config::SamplerChoice;

use crate::harness::{CustomSampler, Ours, Recorder, Sdk, Setup, eventually, limits, span_context};

#[test]
fn a_key_that_is_set_twice() {
    fn attributes<R: Recorder>() -> Vec<KeyValue> {
        let span = R::span_of(Setup::default(), |tracer| {
            let builder = tracer.span_builder("span").with_attributes([KeyValue::new("a", 1), KeyValue::new("b", 2)]);
            let mut span = tracer.build(builder);
            span.set_attribute(KeyValue::new("a", "other"));
        });
        span.attributes
    }
    assert_eq!(attributes::<Ours>(), [KeyValue::new("a", "other"), KeyValue::new("b", 2)]);
    assert_eq!(attributes::<Sdk>(), [KeyValue::new("a", 1), KeyValue::new("b", 2), KeyValue::new("a", "other")]);
}

#[test]
fn a_key_that_is_set_twice_in_an_event_or_link() {
    fn attributes<R: Recorder>() -> [Vec<KeyValue>; 2] {
        let twice = || vec![KeyValue::new("a", 1), KeyValue::new("a", 2)];
        let span = R::span_of(Setup::default(), |tracer| {
            let mut span = tracer.start("span");
            span.add_event("event", twice());
            span.add_link(SpanContext::NONE, twice());
        });
        [span.events[0].attributes.clone(), span.links[0].attributes.clone()]
    }
    assert!(attributes::<Ours>().iter().all(|attributes| *attributes == [KeyValue::new("a", 2)]));
    assert!(attributes::<Sdk>().iter().all(|attributes| attributes.len() == 2));
}

#[test]
fn a_key_that_is_set_twice_at_the_limit() {
    fn span<R: Recorder>(attributes: &[KeyValue]) -> SpanData {
        let limits = limits(|limits| limits.attributes = 2);
        R::span_of(Setup { limits, ..Setup::default() }, |tracer| {
            let mut span = tracer.start("span");
            span.set_attributes(attributes.to_vec());
        })
    }
    let told = [KeyValue::new("a", 1), KeyValue::new("a", 2), KeyValue::new("b", 3), KeyValue::new("a", 4)];
    let (ours, sdk) = (span::<Ours>(&told), span::<Sdk>(&told));
    assert_eq!(
        (ours.attributes.as_slice(), ours.dropped_attributes_count),
        ([KeyValue::new("a", 4), KeyValue::new("b", 3)].as_slice(), 0)
    );
    assert_eq!(
        (sdk.attributes.as_slice(), sdk.dropped_attributes_count),
        ([KeyValue::new("a", 1), KeyValue::new("a", 2)].as_slice(), 2)
    );
}

#[test]
fn what_is_recorded_only() {
    fn exported<R: Recorder>() -> usize {
        let sampler = Some(CustomSampler::new(SamplingDecision::RecordOnly));
        R::spans_of(Setup { sampler, ..Setup::default() }, |tracer| drop(tracer.start("span"))).len()
    }
    assert_eq!((exported::<Ours>(), exported::<Sdk>()), (0, 1));
}

#[test]
fn an_error_after_an_error() {
    fn status<R: Recorder>(told: [&'static str; 2]) -> Status {
        let span = R::span_of(Setup::default(), |tracer| {
            let mut span = tracer.start("span");
            for description in told {
                span.set_status(Status::error(description));
            }
        });
        span.status
    }
    assert_eq!(status::<Ours>(["b", "a"]), Status::error("a"));
    assert_eq!(status::<Ours>(["a", "b"]), Status::error("b"));
    assert_eq!(status::<Sdk>(["b", "a"]), Status::error("b"));
    assert_eq!(status::<Sdk>(["a", "b"]), Status::error("b"));
}

#[test]
fn an_end_before_the_start() {
    fn times<R: Recorder>(start: Duration, end: Duration) -> [Duration; 2] {
        let span = R::span_of(Setup::default(), |tracer| {
            let mut span = tracer.build(tracer.span_builder("span").with_start_time(UNIX_EPOCH + start));
            span.end_with_timestamp(UNIX_EPOCH + end);
        });
        [span.start_time, span.end_time].map(|time| time.duration_since(UNIX_EPOCH).unwrap())
    }
    let [early, late] = [Duration::from_secs(5), Duration::from_secs(9)];
    assert_eq!(times::<Ours>(late, early), [late, late]);
    assert_eq!(times::<Sdk>(late, early), [late, early]);
}

#[test]
fn times_before_1970() {
    fn start<R: Recorder>() -> std::time::SystemTime {
        let before = UNIX_EPOCH - Duration::from_secs(1);
        R::span_of(Setup::default(), |tracer| drop(tracer.build(tracer.span_builder("span").with_start_time(before))))
            .start_time
    }
    assert_eq!(start::<Ours>(), UNIX_EPOCH);
    assert_eq!(start::<Sdk>(), UNIX_EPOCH - Duration::from_secs(1));
}

#[test]
fn flags_of_the_parent() {
    fn flags<R: Recorder>(choice: SamplerChoice, parent: u8) -> TraceFlags {
        let (provider, _store) = R::set_up(Setup { choice, ..Setup::default() });
        let parent = Context::new().with_remote_span_context(span_context(parent, true));
        let tracer = provider.tracer("test");
        let builder = tracer.span_builder("span").with_kind(SpanKind::Server);
        tracer.build_with_context(builder, &parent).span_context().trace_flags()
    }
    let (on, off) = (SamplerChoice::AlwaysOn, SamplerChoice::AlwaysOff);
    assert_eq!(flags::<Ours>(on, 0b1111_1110), TraceFlags::new(0b11));
    assert_eq!(flags::<Sdk>(on, 0b1111_1110), TraceFlags::new(0b1111_1111));
    assert_eq!(flags::<Ours>(off, 0b11), TraceFlags::new(0b10));
    assert_eq!(flags::<Sdk>(off, 0b11), TraceFlags::new(0));
    // Without the flag nothing is known of the trace id, which holds for both implementations.
    assert_eq!((flags::<Ours>(on, 0), flags::<Sdk>(on, 0)), (TraceFlags::SAMPLED, TraceFlags::SAMPLED));
}

/// Level 2 of W3C trace context: the trace id is random.
#[test]
fn flags_of_a_new_trace() {
    fn flags<R: Recorder>(choice: SamplerChoice) -> TraceFlags {
        let (provider, _store) = R::set_up(Setup { choice, ..Setup::default() });
        provider.tracer("test").start_with_context("span", &Context::new()).span_context().trace_flags()
    }
    let (on, off) = (SamplerChoice::AlwaysOn, SamplerChoice::ParentBasedAlwaysOff);
    assert_eq!((flags::<Ours>(on), flags::<Sdk>(on)), (TraceFlags::new(0b11), TraceFlags::new(0b01)));
    assert_eq!((flags::<Ours>(off), flags::<Sdk>(off)), (TraceFlags::new(0b10), TraceFlags::new(0)));
}

#[test]
fn a_tracer_without_its_provider() {
    let (provider, store) = Ours::set_up(Setup::default());
    let tracer = provider.tracer("test");
    let open = tracer.start("open");
    drop(tracer.start("ended"));
    drop(provider);
    assert!(!tracer.start("span").is_recording());
    eventually("the end", || store.shutdowns() == 1);
    drop(open);
    assert_eq!(store.names(), ["ended"]);

    let (provider, store) = Sdk::set_up(Setup::default());
    let tracer = provider.tracer("test");
    drop(provider);
    assert!(tracer.start("span").is_recording());
    drop(tracer);
    assert_eq!(store.names(), ["span"]);
}
