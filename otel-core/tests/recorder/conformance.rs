//! The data that a span keeps.

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Event, Link, Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceId, Tracer as _,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue};

use crate::harness::{Recorder, Setup, on_both, span_context};

on_both!(
    attributes_keep_their_order,
    events_keep_names_times_and_attributes,
    links_come_from_the_builder_and_later,
    status_is_ordered,
    the_last_name_counts,
    times_can_be_given,
    times_are_those_of_the_clock,
    the_second_end_is_ignored,
    a_dropped_span_ends,
    nothing_is_recorded_after_the_end,
    spans_move_between_threads,
    spans_are_shared_through_contexts,
    the_kind_is_internal_unless_told,
    children_belong_to_their_parents,
    ids_are_valid_and_differ,
    remote_parents_are_marked,
    an_invalid_parent_is_none,
    trace_state_comes_from_the_parent,
    an_errors_message_becomes_an_event,
    the_scope_is_kept,
);

fn attributes_keep_their_order<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        let builder = tracer.span_builder("span").with_attributes([KeyValue::new("a", 1), KeyValue::new("b", "two")]);
        let mut span = tracer.build(builder);
        span.set_attribute(KeyValue::new("c", 3.5));
        span.set_attributes([KeyValue::new("d", true), KeyValue::new("e", "five".to_owned())]);
    });
    let expected = [
        KeyValue::new("a", 1),
        KeyValue::new("b", "two"),
        KeyValue::new("c", 3.5),
        KeyValue::new("d", true),
        KeyValue::new("e", "five"),
    ];
    assert_eq!(span.attributes, expected);
    assert_eq!(span.dropped_attributes_count, 0);
}

fn events_keep_names_times_and_attributes<R: Recorder>() {
    let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
    let before = SystemTime::now();
    let span = R::span_of(Setup::default(), |tracer| {
        let first = Event::new("built", at(1), vec![KeyValue::new("a", 1)], 0);
        let mut span = tracer.build(tracer.span_builder("span").with_events(vec![first]));
        span.add_event_with_timestamp("timed", at(2), vec![KeyValue::new("b", 2), KeyValue::new("c", 3)]);
        span.add_event("now", Vec::new());
    });
    let names: Vec<_> = span.events.iter().map(|event| event.name.as_ref()).collect();
    assert_eq!(names, ["built", "timed", "now"]);
    assert_eq!(span.events[0].attributes, [KeyValue::new("a", 1)]);
    assert_eq!(span.events[1].attributes, [KeyValue::new("b", 2), KeyValue::new("c", 3)]);
    assert_eq!((span.events[0].timestamp, span.events[1].timestamp), (at(1), at(2)));
    assert!((before..=SystemTime::now()).contains(&span.events[2].timestamp));
    assert_eq!(span.events.dropped_count, 0);
}

fn links_come_from_the_builder_and_later<R: Recorder>() {
    let other = span_context(1, true);
    let span = R::span_of(Setup::default(), |tracer| {
        let first = Link::new(other.clone(), vec![KeyValue::new("a", 1)], 0);
        let mut span = tracer.build(tracer.span_builder("span").with_links(vec![first]));
        span.add_link(SpanContext::NONE, vec![KeyValue::new("b", 2)]);
    });
    assert_eq!(span.links.len(), 2);
    assert_eq!(span.links[0].span_context, other);
    assert_eq!(span.links[0].attributes, [KeyValue::new("a", 1)]);
    assert_eq!(span.links[1].span_context, SpanContext::NONE);
    assert_eq!(span.links[1].attributes, [KeyValue::new("b", 2)]);
    assert_eq!(span.links.dropped_count, 0);
}

fn status_is_ordered<R: Recorder>() {
    let error = || Status::error("wrong");
    let cases = [
        (vec![], Status::Unset),
        (vec![error()], error()),
        (vec![error(), Status::Unset], error()),
        (vec![Status::Ok, error()], Status::Ok),
        (vec![error(), Status::Ok], Status::Ok),
        (vec![Status::Ok, Status::Unset, error()], Status::Ok),
    ];
    for (told, expected) in cases {
        let span = R::span_of(Setup::default(), |tracer| {
            let mut span = tracer.start("span");
            for status in &told {
                span.set_status(status.clone());
            }
        });
        assert_eq!(span.status, expected, "{told:?}");
    }
}

fn the_last_name_counts<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.start("first");
        span.update_name("second");
        span.update_name(String::from("third"));
    });
    assert_eq!(span.name, Cow::Borrowed("third"));
}

fn times_can_be_given<R: Recorder>() {
    let at = |nanos| UNIX_EPOCH + Duration::new(1_700_000_000, nanos);
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.build(tracer.span_builder("span").with_start_time(at(17)));
        span.end_with_timestamp(at(18));
    });
    assert_eq!((span.start_time, span.end_time), (at(17), at(18)));
}

fn times_are_those_of_the_clock<R: Recorder>() {
    // The recorder reads the wall clock now and then, which a busy machine may delay.
    let slack = Duration::from_millis(500);
    let before = SystemTime::now();
    let span = R::span_of(Setup::default(), |tracer| drop(tracer.start("span")));
    assert!(span.start_time >= before - slack, "{span:?}");
    assert!(span.start_time <= span.end_time, "{span:?}");
    assert!(span.end_time <= SystemTime::now() + slack, "{span:?}");
}

fn the_second_end_is_ignored<R: Recorder>() {
    let at = |seconds| SystemTime::now() + Duration::from_secs(3600) + Duration::from_secs(seconds);
    let first = at(1);
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.start("span");
        span.end_with_timestamp(first);
        span.end_with_timestamp(at(2));
        span.end();
    });
    assert_eq!(span.end_time, first);
}

fn a_dropped_span_ends<R: Recorder>() {
    let before = SystemTime::now();
    let span = R::span_of(Setup::default(), |tracer| {
        let span = tracer.start("span");
        let start = SystemTime::now();
        while start.elapsed().unwrap_or_default() < Duration::from_millis(2) {
            std::thread::yield_now();
        }
        drop(span);
    });
    // The two clocks may differ by the length of a reading.
    assert!(span.end_time.duration_since(span.start_time).unwrap() >= Duration::from_millis(1));
    assert!(span.end_time > before);
}

fn nothing_is_recorded_after_the_end<R: Recorder>() {
    let mut context = SpanContext::NONE;
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.start("span");
        context = span.span_context().clone();
        assert!(span.is_recording());
        span.end();
        assert!(!span.is_recording());
        assert_eq!(*span.span_context(), context);
        span.set_attribute(KeyValue::new("late", true));
        span.add_event("late", Vec::new());
        span.add_link(span_context(1, false), Vec::new());
        span.set_status(Status::Ok);
        span.update_name("late");
    });
    assert_eq!(span.span_context, context);
    assert_eq!((span.name.as_ref(), &span.status), ("span", &Status::Unset));
    assert!(span.attributes.is_empty() && span.events.is_empty() && span.links.is_empty(), "{span:?}");
}

fn spans_move_between_threads<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.start("span");
        span.set_attribute(KeyValue::new("here", 1));
        let there = std::thread::spawn(move || {
            span.set_attribute(KeyValue::new("there", 2));
            drop(span);
        });
        there.join().unwrap();
    });
    assert_eq!(span.attributes, [KeyValue::new("here", 1), KeyValue::new("there", 2)]);
    assert!(span.start_time <= span.end_time);
}

fn spans_are_shared_through_contexts<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        let context = Context::new().with_span(tracer.start("span"));
        std::thread::scope(|scope| {
            for number in 0..4_i64 {
                let context = context.clone();
                scope.spawn(move || context.span().set_attribute(KeyValue::new(format!("key{number}"), number)));
            }
        });
        context.span().update_name("shared");
        context.span().end();
        assert!(!context.span().is_recording());
    });
    assert_eq!((span.name.as_ref(), span.attributes.len()), ("shared", 4));
}

fn the_kind_is_internal_unless_told<R: Recorder>() {
    assert_eq!(R::span_of(Setup::default(), |tracer| drop(tracer.start("span"))).span_kind, SpanKind::Internal);
    for kind in [SpanKind::Client, SpanKind::Server, SpanKind::Producer, SpanKind::Consumer, SpanKind::Internal] {
        let span = R::span_of(Setup::default(), |tracer| {
            drop(tracer.build(tracer.span_builder("span").with_kind(kind.clone())));
        });
        assert_eq!(span.span_kind, kind);
    }
}

fn children_belong_to_their_parents<R: Recorder>() {
    let spans = R::spans_of(Setup::default(), |tracer| {
        tracer.in_span("root", |_| tracer.in_span("child", |_| ()));
        tracer.in_span("other", |_| ());
    });
    let [child, root, other] = spans.as_slice() else { panic!("{spans:?}") };
    assert_eq!(child.parent_span_id, root.span_context.span_id());
    assert_eq!(child.span_context.trace_id(), root.span_context.trace_id());
    assert!(!child.parent_span_is_remote && !root.parent_span_is_remote);
    assert_eq!((root.parent_span_id, other.parent_span_id), (SpanId::INVALID, SpanId::INVALID));
    assert_ne!(root.span_context.trace_id(), other.span_context.trace_id());
}

fn ids_are_valid_and_differ<R: Recorder>() {
    let spans = R::spans_of(Setup::default(), |tracer| (0..200).for_each(|_| drop(tracer.start("span"))));
    assert!(spans.iter().all(|span| span.span_context.is_valid() && !span.span_context.is_remote()));
    let ids: std::collections::HashSet<_> = spans.iter().map(|span| span.span_context.span_id().to_bytes()).collect();
    assert_eq!(ids.len(), 200);
}

fn remote_parents_are_marked<R: Recorder>() {
    for is_remote in [true, false] {
        let parent = span_context(1, is_remote);
        let context = Context::new().with_remote_span_context(parent.clone());
        let span = R::span_of(Setup::default(), |tracer| drop(tracer.start_with_context("span", &context)));
        assert_eq!(span.parent_span_is_remote, is_remote);
        assert_eq!(span.parent_span_id, parent.span_id());
        assert_eq!(span.span_context.trace_id(), parent.trace_id());
        assert!(!span.span_context.is_remote());
    }
}

fn an_invalid_parent_is_none<R: Recorder>() {
    let valid = span_context(1, true);
    for (trace_id, span_id) in [(TraceId::INVALID, valid.span_id()), (valid.trace_id(), SpanId::INVALID)] {
        let parent = SpanContext::new(trace_id, span_id, valid.trace_flags(), true, valid.trace_state().clone());
        let context = Context::new().with_remote_span_context(parent);
        let span = R::span_of(Setup::default(), |tracer| drop(tracer.start_with_context("span", &context)));
        assert!(span.span_context.is_valid());
        assert_ne!(span.span_context.trace_id(), valid.trace_id());
        assert_eq!((span.parent_span_id, span.parent_span_is_remote), (SpanId::INVALID, false));
    }
}

fn trace_state_comes_from_the_parent<R: Recorder>() {
    let parent = span_context(1, true);
    let context = Context::new().with_remote_span_context(parent.clone());
    let spans = R::spans_of(Setup::default(), |tracer| {
        let span = tracer.start_with_context("span", &context);
        drop(tracer.start_with_context("child", &Context::new().with_span(span)));
    });
    assert_eq!(spans.len(), 2);
    assert!(spans.iter().all(|span| span.span_context.trace_state() == parent.trace_state()), "{spans:?}");
}

fn an_errors_message_becomes_an_event<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        tracer.start("span").record_error(&std::io::Error::other("broken"));
    });
    assert_eq!(span.events[0].name, "exception");
    assert!(span.events[0].attributes.contains(&KeyValue::new("exception.message", "broken")));
}

fn the_scope_is_kept<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    let scope = InstrumentationScope::builder("library")
        .with_version("1.2.3")
        .with_schema_url("https://opentelemetry.io/schemas/1.44.0")
        .with_attributes([KeyValue::new("a", 1)])
        .build();
    drop(provider.tracer_with_scope(scope.clone()).start("span"));
    provider.flush().unwrap();
    let kept = store.spans().remove(0).instrumentation_scope;
    assert_eq!(kept, scope);
    assert_eq!(kept.schema_url(), scope.schema_url());
    assert_eq!(kept.version(), Some("1.2.3"));
    assert_eq!(kept.attributes().cloned().collect::<Vec<_>>(), [KeyValue::new("a", 1)]);
}
