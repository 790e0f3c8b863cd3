//! The limits of a span, and the counts of dropped items.

use std::time::SystemTime;

use opentelemetry::trace::{Event, Link, Span as _, SpanContext, Tracer as _};
use opentelemetry::{Array, KeyValue, StringValue, Value};

use crate::harness::{Ours, Recorder, Setup, limits, on_both, small_limits, span_context};

on_both!(
    attributes_are_counted,
    attributes_of_the_builder_are_counted,
    events_are_counted,
    links_are_counted,
    lists_of_nothing_are_counted,
    the_defaults_are_128,
);

fn small() -> Setup {
    Setup { limits: small_limits(), ..Setup::default() }
}

fn numbered(count: i64) -> Vec<KeyValue> {
    (0..count).map(|number| KeyValue::new(format!("key{number}"), number)).collect()
}

fn attributes_are_counted<R: Recorder>() {
    let span = R::span_of(small(), |tracer| {
        let mut span = tracer.start("span");
        span.set_attributes(numbered(7));
    });
    assert_eq!((span.attributes, span.dropped_attributes_count), (numbered(3), 4));
}

fn attributes_of_the_builder_are_counted<R: Recorder>() {
    let span = R::span_of(small(), |tracer| {
        let mut span = tracer.build(tracer.span_builder("span").with_attributes(numbered(5)));
        span.set_attribute(KeyValue::new("later", true));
    });
    assert_eq!((span.attributes, span.dropped_attributes_count), (numbered(3), 3));
}

fn events_are_counted<R: Recorder>() {
    let event = |name: &'static str| Event::new(name, SystemTime::now(), numbered(3), 0);
    let span = R::span_of(small(), |tracer| {
        let mut span = tracer.build(tracer.span_builder("span").with_events(vec![event("a")]));
        span.add_event("b", numbered(2));
        span.add_event("c", numbered(1));
        span.add_event("d", numbered(1));
    });
    assert_eq!(span.events.iter().map(|event| event.name.as_ref()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(span.events.dropped_count, 2);
    let kept: Vec<_> =
        span.events.iter().map(|event| (event.attributes.clone(), event.dropped_attributes_count)).collect();
    assert_eq!(kept, [(numbered(1), 2), (numbered(1), 1)]);
    let many = R::span_of(small(), |tracer| {
        drop(tracer.build(tracer.span_builder("span").with_events(vec![event("a"), event("b"), event("c")])));
    });
    assert_eq!((many.events.len(), many.events.dropped_count), (2, 1));
}

fn links_are_counted<R: Recorder>() {
    let link = || Link::new(span_context(1, true), numbered(3), 0);
    let span = R::span_of(small(), |tracer| {
        let mut span = tracer.build(tracer.span_builder("span").with_links(vec![link()]));
        span.add_link(SpanContext::NONE, numbered(2));
        span.add_link(SpanContext::NONE, numbered(1));
    });
    let kept: Vec<_> = span.links.iter().map(|link| (link.attributes.clone(), link.dropped_attributes_count)).collect();
    assert_eq!(kept, [(numbered(1), 2), (numbered(1), 1)]);
    assert_eq!(span.links.dropped_count, 1);
    let many = R::span_of(small(), |tracer| {
        drop(tracer.build(tracer.span_builder("span").with_links(vec![link(), link(), link(), link()])));
    });
    assert_eq!((many.links.len(), many.links.dropped_count), (2, 2));
}

fn lists_of_nothing_are_counted<R: Recorder>() {
    let limits = limits(|limits| (limits.attributes, limits.events, limits.links) = (0, 0, 0));
    let span = R::span_of(Setup { limits, ..Setup::default() }, |tracer| {
        let mut span = tracer.start("span");
        span.set_attribute(KeyValue::new("a", 1));
        span.add_event("a", Vec::new());
        span.add_link(SpanContext::NONE, Vec::new());
    });
    assert_eq!((span.attributes.len(), span.dropped_attributes_count), (0, 1));
    assert_eq!((span.events.len(), span.events.dropped_count), (0, 1));
    assert_eq!((span.links.len(), span.links.dropped_count), (0, 1));
}

fn the_defaults_are_128<R: Recorder>() {
    let span = R::span_of(Setup::default(), |tracer| {
        let mut span = tracer.start("span");
        span.set_attributes(numbered(130));
        (0..131).for_each(|_| span.add_event("event", numbered(129)));
        (0..132).for_each(|_| span.add_link(SpanContext::NONE, numbered(130)));
    });
    assert_eq!((span.attributes.len(), span.dropped_attributes_count), (128, 2));
    assert_eq!((span.events.len(), span.events.dropped_count), (128, 3));
    assert_eq!((span.links.len(), span.links.dropped_count), (128, 4));
    assert!(span.events.iter().all(|event| (event.attributes.len(), event.dropped_attributes_count) == (128, 1)));
    assert!(span.links.iter().all(|link| (link.attributes.len(), link.dropped_attributes_count) == (128, 2)));
}

/// `opentelemetry_sdk` has no such limit.
#[test]
fn values_are_cut_at_characters() {
    let limits = limits(|limits| {
        (limits.attribute_value_length, limits.nested_attribute_value_length) = (Some(4), Some(2));
    });
    let texts = |texts: [&'static str; 2]| Value::Array(Array::String(texts.map(StringValue::from).to_vec()));
    let told =
        || [KeyValue::new("text", "äöüßx"), KeyValue::new("list", texts(["abcdef", "é"])), KeyValue::new("n", 123_456)];
    let span = Ours::span_of(Setup { limits, ..Setup::default() }, |tracer| {
        let mut span = tracer.start("a long name");
        span.set_attributes(told());
        span.add_event("a long name", told().to_vec());
        span.add_link(SpanContext::NONE, told().to_vec());
    });
    let cut = [KeyValue::new("text", "äöüß"), KeyValue::new("list", texts(["abcd", "é"])), KeyValue::new("n", 123_456)];
    let nested = [KeyValue::new("text", "äö"), KeyValue::new("list", texts(["ab", "é"])), KeyValue::new("n", 123_456)];
    assert_eq!(span.attributes, cut);
    assert_eq!((&span.events[0].attributes[..], &span.links[0].attributes[..]), (&nested[..], &nested[..]));
    assert_eq!((span.name.as_ref(), span.events[0].name.as_ref()), ("a long name", "a long name"));
    assert_eq!(span.dropped_attributes_count, 0);
}

/// A known key takes no room.
#[test]
fn a_full_span_still_changes_what_it_has() {
    let span = Ours::span_of(small(), |tracer| {
        let mut span = tracer.start("span");
        for _ in 0..3 {
            span.set_attributes(numbered(3));
        }
        span.set_attribute(KeyValue::new("more", 1));
        span.set_attribute(KeyValue::new("key1", "changed"));
    });
    let kept = [KeyValue::new("key0", 0), KeyValue::new("key1", "changed"), KeyValue::new("key2", 2)];
    assert_eq!((span.attributes.as_slice(), span.dropped_attributes_count), (kept.as_slice(), 1));
}
