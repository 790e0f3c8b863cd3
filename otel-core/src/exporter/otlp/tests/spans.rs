//! Spans of every kind, from a seed.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Event, Link, Span as _, SpanBuilder, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags,
    TraceId, TraceState, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value};

use super::{Keeping, Pair};
use crate::config::SpanLimitSettings;
use crate::recorder::TracerProvider;
use crate::test_input::Noise;

const KEYS: [&str; 8] = ["a", "b", "c", "code.function.name", "http.route", "", "ключ", "error.type"];
const TEXTS: [&str; 6] = ["", "x", "äöü€😀", "a text that is longer than any limit here", "\0\n", "http"];

fn text(noise: &mut Noise) -> String {
    match noise.number(0..=12) {
        0 => noise.pick(&TEXTS).repeat(noise.number(1..=800) as usize),
        1 => noise.damaged(&TEXTS),
        _ => noise.pick(&TEXTS).to_owned(),
    }
}

fn double(noise: &mut Noise) -> f64 {
    let any = f64::from_bits(u64::from(noise.number(0..=u32::MAX)) << 32 | 7);
    noise.pick(&[0.0, -0.0, f64::INFINITY, f64::NAN, 1.5, any])
}

fn integer(noise: &mut Noise) -> i64 {
    let small = i64::from(noise.number(0..=300)) - 150;
    noise.pick(&[0, i64::MIN, i64::MAX, small])
}

fn several<T>(noise: &mut Noise, one: impl Fn(&mut Noise) -> T) -> Vec<T> {
    (0..noise.pick(&[0, 1, 3, 12])).map(|_| one(noise)).collect()
}

fn value(noise: &mut Noise) -> Value {
    match noise.number(0..=8) {
        0 => Value::Bool(noise.pick(&[true, false])),
        1 => Value::I64(integer(noise)),
        2 => Value::F64(double(noise)),
        3 => Value::Array(Array::Bool(several(noise, |noise| noise.pick(&[true, false])))),
        4 => Value::Array(Array::I64(several(noise, integer))),
        5 => Value::Array(Array::F64(several(noise, double))),
        6 => Value::Array(Array::String(several(noise, |noise| StringValue::from(text(noise))))),
        7 => Value::String(noise.pick(&TEXTS).into()),
        _ => Value::String(text(noise).into()),
    }
}

fn attribute(noise: &mut Noise) -> KeyValue {
    // Keys that repeat, and others that do not.
    let key = match noise.number(0..=1) {
        0 => noise.pick(&KEYS).to_owned(),
        _ => format!("key{}", noise.number(0..=100)),
    };
    KeyValue::new(key, value(noise))
}

fn attributes(noise: &mut Noise) -> Vec<KeyValue> {
    (0..noise.pick(&[0, 0, 1, 3, 10, 16, 17, 40])).map(|_| attribute(noise)).collect()
}

pub(crate) fn context(noise: &mut Noise) -> SpanContext {
    let state = noise.pick(&["", "a=1", "vendor=x y,b@c=2", "k1=1,k2=2,k3=3"]);
    SpanContext::new(
        TraceId::from(noise.bits() | 1),
        SpanId::from(u64::from(noise.number(1..=u32::MAX))),
        TraceFlags::new(noise.pick(&[0x01, 0x03])),
        noise.pick(&[true, false]),
        state.parse::<TraceState>().unwrap(),
    )
}

fn time(noise: &mut Noise) -> SystemTime {
    UNIX_EPOCH + Duration::from_nanos(u64::from(noise.number(0..=u32::MAX)) * u64::from(noise.number(0..=1 << 30)))
}

fn status(noise: &mut Noise) -> Status {
    match noise.number(0..=3) {
        0 => Status::Ok,
        1 => Status::error(text(noise)),
        2 => Status::error(""),
        _ => Status::Unset,
    }
}

/// One span, with some data set at its start and other data later.
fn span(noise: &mut Noise, provider: &TracerProvider) {
    let scope = InstrumentationScope::builder(noise.pick(&["", "one", "two"]))
        .with_version(noise.pick(&["1", ""]))
        .with_schema_url(noise.pick(&["", "https://example.com/scope"]));
    let scope = match noise.number(0..=2) {
        0 => scope.with_attributes([KeyValue::new("mode", noise.pick(&["x", "y"]))]).build(),
        _ => scope.build(),
    };
    let tracer = provider.tracer_with_scope(scope);
    let parent = match noise.number(0..=2) {
        0 => Context::new(),
        _ => Context::new().with_remote_span_context(context(noise)),
    };
    let kinds = [SpanKind::Internal, SpanKind::Server, SpanKind::Client, SpanKind::Producer, SpanKind::Consumer];
    let kind = kinds[noise.number(0..=4) as usize].clone();
    let mut builder = SpanBuilder::from_name(text(noise)).with_kind(kind).with_attributes(attributes(noise));
    if noise.pick(&[true, false]) {
        builder = builder.with_start_time(time(noise));
        builder = builder.with_links(vec![Link::new(context(noise), attributes(noise), noise.number(0..=1))]);
        builder = builder.with_events(vec![Event::new(text(noise), time(noise), attributes(noise), 0)]);
    }
    let mut span = tracer.build_with_context(builder, &parent);
    for _ in 0..noise.pick(&[0, 0, 2, 12]) {
        match noise.number(0..=5) {
            0 => span.add_event_with_timestamp(text(noise), time(noise), attributes(noise)),
            1 => span.add_link(context(noise), attributes(noise)),
            2 => span.set_status(status(noise)),
            3 => span.update_name(text(noise)),
            _ => span.set_attribute(attribute(noise)),
        }
    }
    match noise.number(0..=2) {
        0 => span.end_with_timestamp(time(noise)),
        _ => span.end(),
    }
}

pub(crate) fn limits(noise: &mut Noise) -> SpanLimitSettings {
    let length = |noise: &mut Noise| noise.pick(&[None, None, Some(0), Some(3), Some(40)]);
    let count = |noise: &mut Noise| noise.pick(&[128, 128, 0, 1, 7]);
    SpanLimitSettings {
        attributes: count(noise),
        attribute_value_length: length(noise),
        nested_attribute_value_length: length(noise),
        events: count(noise),
        links: count(noise),
        attributes_per_event: count(noise),
        attributes_per_link: count(noise),
    }
}

#[test]
fn spans_of_any_kind() {
    let mut noise = Noise::new(60);
    for round in 0..25 {
        let limits = if round == 0 { SpanLimitSettings::default() } else { limits(&mut noise) };
        let (provider, kept) = Keeping::provider(limits);
        let mut pair = Pair::new(limits);
        // The second batch meets the rest of the first one.
        for _ in 0..3 {
            (0..noise.number(1..=100)).for_each(|_| span(&mut noise, &provider));
            pair.compare(&kept.take(&provider));
        }
    }
}
