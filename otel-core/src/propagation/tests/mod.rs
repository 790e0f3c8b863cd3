#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator as _};
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use opentelemetry::{Context, KeyValue};
use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

use super::*;

mod vendors;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// Header lines as they arrive: a name may occur more than once.
#[derive(Debug, Default)]
struct Lines(Vec<(String, String)>);

impl Lines {
    fn new(lines: &[(&str, &str)]) -> Self {
        Self(lines.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

impl Extractor for Lines {
    fn get(&self, key: &str) -> Option<&str> {
        self.get_all(key)?.first().copied()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let lines: Vec<_> = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str()).collect();
        (!lines.is_empty()).then_some(lines)
    }
}

impl Injector for Lines {
    fn set(&mut self, key: &str, value: String) {
        self.0.push((key.to_owned(), value));
    }
}

fn extract(lines: &[(&str, &str)]) -> SpanContext {
    let cx = TraceContextPropagator::new().extract_with_context(&Context::new(), &Lines::new(lines));
    cx.span().span_context().clone()
}

fn traceparent(value: &str) -> Option<SpanContext> {
    Some(extract(&[("traceparent", value)])).filter(SpanContext::is_valid)
}

fn tracestate(lines: &[&str]) -> String {
    let mut headers = vec![("traceparent", PARENT)];
    headers.extend(lines.iter().map(|line| ("tracestate", *line)));
    let parent = extract(&headers);
    assert!(parent.is_valid(), "a tracestate never costs the parent: {lines:?}");
    parent.trace_state().header()
}

#[test]
fn a_valid_parent() {
    let parent = traceparent(PARENT).unwrap();
    assert_eq!(parent.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(parent.span_id().to_string(), "00f067aa0ba902b7");
    assert!(parent.is_sampled() && parent.is_remote());
    assert_eq!(traceparent(&format!(" \t{PARENT} ")), Some(parent), "optional white space");
}

#[test]
fn flags() {
    let flags = |flags: &str| {
        traceparent(&format!("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}"))
            .map(|parent| parent.trace_flags().to_u8())
    };
    assert_eq!(flags("00"), Some(0));
    assert_eq!(flags("02"), Some(2), "the random flag is kept");
    assert_eq!(flags("ff"), Some(3), "unknown flags are not propagated");
    for invalid in ["0", "001", "0x", "+1", "-1", "0A", "FF", "zz", " 1"] {
        assert_eq!(flags(invalid), None, "{invalid}");
    }
}

#[test]
fn versions() {
    let rest = &PARENT[2..];
    for valid in
        [format!("01{rest}"), format!("fe{rest}"), format!("cc{rest}-what-the-future-holds"), format!("01{rest}-")]
    {
        assert!(traceparent(&valid).is_some(), "{valid}");
    }
    let invalid = [
        format!("ff{rest}"),
        format!("00{rest}-"),
        format!("00{rest}-more"),
        format!("01{rest}x"),
        format!("01{rest}.more"),
        format!("0{rest}"),
        format!("000{rest}"),
        format!("CC{rest}"),
        format!("0x{rest}"),
        format!("+1{rest}"),
        format!("--{rest}"),
    ];
    for invalid in invalid {
        assert_eq!(traceparent(&invalid), None, "{invalid}");
    }
}

#[test]
fn ids() {
    for invalid in [
        "",
        "-",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00F067AA0BA902B7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e47366-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b-01",
        "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6-a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473é-00f067aa0ba902b7-1",
        // Headers that the SDK's propagator accepts.
        "0-1-1-1",
        "00-1-2-01-",
    ] {
        assert_eq!(traceparent(invalid), None, "{invalid}");
    }
}

#[test]
fn a_repeated_parent_is_no_parent() {
    let other = PARENT.replace("4bf9", "5bf9");
    assert!(!extract(&[("traceparent", PARENT), ("traceparent", &other)]).is_valid());
    assert!(!extract(&[("traceparent", PARENT), ("traceparent", PARENT)]).is_valid());
    assert_eq!(traceparent(&format!("{PARENT},{PARENT}")), None);
    assert!(!extract(&[("tracestate", "a=1")]).is_valid());
}

#[test]
fn an_invalid_parent_leaves_the_context_alone() {
    let outer = TraceContextPropagator::new().extract(&Lines::new(&[("traceparent", PARENT)]));
    let cx = TraceContextPropagator::new().extract_with_context(&outer, &Lines::new(&[("traceparent", "garbage")]));
    assert_eq!(cx.span().span_context(), outer.span().span_context());
}

#[test]
fn trace_states_that_are_valid() {
    assert_eq!(tracestate(&["foo=1"]), "foo=1");
    assert_eq!(tracestate(&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"]), "foo=1,bar=2,rojo=1,congo=2,baz=3");
    assert_eq!(tracestate(&["foo=1 \t , \t bar=2, \t baz=3"]), "foo=1,bar=2,baz=3");
    assert_eq!(tracestate(&["", ",foo=1,,", " "]), "foo=1");
    assert_eq!(tracestate(&["0a*-_/@v=a b:!~"]), "0a*-_/@v=a b:!~");
    assert_eq!(tracestate(&["foo=1,bar=2,foo=3"]), "foo=1,bar=2", "the first one is the most recent");
    let longest = format!("{}={}", "k".repeat(256), "v".repeat(256));
    assert_eq!(tracestate(&[&longest]), longest);
    let most: Vec<_> = (0..32).map(|index| format!("k{index}=v")).collect();
    assert_eq!(tracestate(&[&most.join(",")]), most.join(","));
}

#[test]
fn trace_states_that_are_not() {
    let key_too_long = format!("{}=1", "k".repeat(257));
    let value_too_long = format!("k={}", "v".repeat(257));
    let too_many = (0..33).map(|index| format!("k{index}=v")).collect::<Vec<_>>().join(",");
    for invalid in [
        "foo",
        "foo=",
        "=1",
        "foo=1=2",
        "FOO=1",
        "foo =1",
        "_foo=1",
        "@foo=1",
        "-foo=1",
        "fo o=1",
        "foo=1\u{7f}",
        "foo=é",
        "é=1",
        "foo=1;bar=2=3",
        "foo.bar=1",
        "foo==1",
        "ok=1,foo",
        &key_too_long,
        &value_too_long,
        &too_many,
    ] {
        assert_eq!(tracestate(&[invalid]), "", "{invalid}");
    }
    let half = (0..20).map(|index| format!("k{index}=v")).collect::<Vec<_>>().join(",");
    assert_eq!(tracestate(&[&half, &half.replace('k', "j")]), "", "the lines count together");
}

#[test]
fn injection_writes_what_extraction_reads() {
    for flags in ["00", "01", "02", "03"] {
        let header = format!("{}{flags}", &PARENT[..53]);
        let incoming = Lines::new(&[("traceparent", &header), ("tracestate", "a=1,b=2")]);
        let mut outgoing = Lines::default();
        TraceContextPropagator::new().inject_context(&TraceContextPropagator::new().extract(&incoming), &mut outgoing);
        assert_eq!(outgoing.0, incoming.0);
    }
    let mut nothing = Lines::default();
    TraceContextPropagator::new().inject_context(&Context::new(), &mut nothing);
    assert!(nothing.0.is_empty(), "{nothing:?}");
    let no_state = TraceContextPropagator::new().extract(&Lines::new(&[("traceparent", PARENT)]));
    TraceContextPropagator::new().inject_context(&no_state, &mut nothing);
    assert_eq!(nothing.0.len(), 1, "an empty tracestate is not sent");
}

fn baggage(lines: &[&str]) -> Vec<(String, String, String)> {
    let lines: Vec<_> = lines.iter().map(|line| ("baggage", *line)).collect();
    let cx = BaggagePropagator::new().extract_with_context(&Context::new(), &Lines::new(&lines));
    let entry = |(key, (value, metadata)): (
        &opentelemetry::Key,
        &(opentelemetry::StringValue, opentelemetry::baggage::BaggageMetadata),
    )| { (key.to_string(), value.to_string(), metadata.as_str().to_owned()) };
    let mut entries: Vec<_> = cx.baggage().iter().map(entry).collect();
    entries.sort();
    entries
}

fn entry(key: &str, value: &str, metadata: &str) -> (String, String, String) {
    (key.to_owned(), value.to_owned(), metadata.to_owned())
}

#[test]
fn baggage_of_several_lines() {
    assert_eq!(baggage(&["a=1,b=2", "c=3"]), [entry("a", "1", ""), entry("b", "2", ""), entry("c", "3", "")]);
    assert_eq!(baggage(&[" a = x%20y%2C ; p=1;q "]), [entry("a", "x y,", "p=1;q")]);
    assert_eq!(baggage(&["token=YWJj=="]), [entry("token", "YWJj==", "")], "`=` belongs to the value");
    assert_eq!(baggage(&["a,=1,b c=2,é=1,ok=1,x=%ff"]), [entry("ok", "1", ""), entry("x", "\u{fffd}", "")]);
    assert_eq!(baggage(&["a=1,a=2"]), [entry("a", "2", "")]);
}

#[test]
fn baggage_is_bounded() {
    let many = (0..500).map(|index| format!("k{index}=v")).collect::<Vec<_>>().join(",");
    assert_eq!(baggage(&[&many]).len(), 64);
    let (small, large) = ("a=1", format!("b={}", "v".repeat(9000)));
    assert_eq!(baggage(&[small, &large]), [entry("a", "1", "")]);
}

#[test]
fn baggage_survives_a_round_trip() {
    let cx = Context::new().with_baggage(vec![KeyValue::new("key", "ü, ;=\"%")]);
    let mut lines = Lines::default();
    BaggagePropagator::new().inject_context(&cx, &mut lines);
    let back = BaggagePropagator::new().extract_with_context(&Context::new(), &lines);
    assert_eq!(back.baggage().get("key").map(ToString::to_string), Some("ü, ;=\"%".to_owned()));
}

#[test]
fn malformed_baggage_keeps_what_the_context_had() {
    let cx = Context::new().with_baggage(vec![KeyValue::new("key", "value")]);
    let after = BaggagePropagator::new().extract_with_context(&cx, &Lines::new(&[("baggage", ";;;")]));
    assert!(after.baggage().get("key").is_some());
}

#[test]
fn no_propagator_is_allowed() {
    assert_eq!(composite(&[]).fields().count(), 0);
}

/// A text with a few random changes, or none.
fn damaged(random: &mut SmallRng, seed: &str) -> String {
    const NOISE: &[char] =
        &['0', '1', 'f', 'F', '-', '=', ',', ';', ' ', '\t', '%', '@', '\0', '\u{7f}', 'é', '\u{10ffff}', 'a', ':'];
    let mut text: Vec<char> = seed.chars().collect();
    for _ in 0..random.random_range(0..4) {
        let noise = NOISE[random.random_range(0..NOISE.len())];
        let at = random.random_range(0..=text.len());
        match random.random_range(0..4) {
            0 => text.insert(at, noise),
            1 if at < text.len() => text[at] = noise,
            2 => text.truncate(at),
            _ => text.extend(std::iter::repeat_n(noise, random.random_range(0..60))),
        }
    }
    text.into_iter().collect()
}

/// Valid headers with random damage, and random text: nothing panics and no invalid context comes out.
#[test]
fn garbage_never_yields_an_invalid_context() {
    let mut random = SmallRng::seed_from_u64(20_200_430);
    let propagator = composite(&[PropagatorName::TraceContext, PropagatorName::Baggage]);
    let mut valid = 0;
    for _ in 0..20_000 {
        let mut lines = Vec::new();
        for (name, seed) in [("traceparent", PARENT), ("tracestate", "a=1,b@c=2"), ("baggage", "k=v%20w;p,x=1")] {
            for _ in 0..=usize::from(random.random_bool(0.1)) {
                lines.push((name.to_owned(), damaged(&mut random, seed)));
            }
        }
        let lines = Lines(lines);
        let cx = propagator.extract_with_context(&Context::new(), &lines);
        if cx.has_active_span() {
            valid += 1;
            let parent = cx.span().span_context().clone();
            assert!(parent.is_valid() && parent.is_remote(), "{lines:?}");
            let mut out = Lines::default();
            propagator.inject_context(&cx, &mut out);
            let again = propagator.extract_with_context(&Context::new(), &out);
            assert_eq!(again.span().span_context(), &parent, "{lines:?}");
        }
    }
    assert!((2_000..18_000).contains(&valid), "the damage is neither total nor absent: {valid}");
}
