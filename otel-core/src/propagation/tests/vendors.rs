//! B3, Jaeger and X-Ray.

use super::*;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn extract_with(name: PropagatorName, lines: &[(&str, &str)]) -> Option<SpanContext> {
    let cx = composite(&[name]).extract_with_context(&Context::new(), &Lines::new(lines));
    let parent = cx.span().span_context().clone();
    parent.is_valid().then_some(parent)
}

fn show(parent: Option<SpanContext>) -> String {
    parent.map_or_else(
        || "none".to_owned(),
        |parent| format!("{}-{}-{}", parent.trace_id(), parent.span_id(), u8::from(parent.is_sampled())),
    )
}

/// The headers that the propagator injects after it has extracted these lines.
fn forwarded(name: PropagatorName, lines: &[(&str, &str)]) -> Vec<(String, String)> {
    let propagator = composite(&[name]);
    let mut out = Lines::default();
    propagator.inject_context(&propagator.extract_with_context(&Context::new(), &Lines::new(lines)), &mut out);
    out.0
}

fn owned(lines: &[(&str, &str)]) -> Vec<(String, String)> {
    Lines::new(lines).0
}

#[test]
fn b3_in_one_header() {
    let b3 = |value: &str| show(extract_with(PropagatorName::B3, &[("b3", value)]));
    let ids = format!("{TRACE}-{SPAN}");
    for (rest, sampled) in [("-1", 1), ("-0", 0), ("-d", 1), ("", 1), ("-1-05e3ac9a4f6e3b90", 1), ("-true", 1)] {
        assert_eq!(b3(&format!("{ids}{rest}")), format!("{ids}-{sampled}"), "{rest}");
    }
    assert_eq!(b3(&format!("a3ce929d0e0e4736-{SPAN}-1")), format!("0000000000000000a3ce929d0e0e4736-{SPAN}-1"));
    let (zero_trace, zero_span) = ("0".repeat(32), "0".repeat(16));
    for invalid in [
        "0".to_owned(),
        String::new(),
        "-".to_owned(),
        ids.to_uppercase(),
        format!("{ids}-x"),
        format!("{ids}-1-x"),
        format!("{ids}-1-05e3ac9a4f6e3b90-1"),
        format!("{TRACE}0-{SPAN}-1"),
        format!("{TRACE}-{SPAN}0-1"),
        format!("{zero_trace}-{SPAN}-1"),
        format!("{TRACE}-{zero_span}-1"),
    ] {
        assert_eq!(b3(&invalid), "none", "{invalid}");
    }
}

#[test]
fn b3_in_several_headers() {
    let multi = |lines: &[(&str, &str)]| {
        let ids = [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN)];
        show(extract_with(PropagatorName::B3Multi, &[&ids, lines].concat()))
    };
    assert_eq!(multi(&[("x-b3-sampled", "1")]), format!("{TRACE}-{SPAN}-1"));
    assert_eq!(multi(&[("x-b3-sampled", "0")]), format!("{TRACE}-{SPAN}-0"));
    assert_eq!(multi(&[("x-b3-sampled", "0"), ("x-b3-flags", "1")]), format!("{TRACE}-{SPAN}-1"));
    assert_eq!(multi(&[("x-b3-sampled", "maybe")]), "none");
    assert_eq!(multi(&[("x-b3-spanid", SPAN)]), "none", "a repeated header");
    assert_eq!(show(extract_with(PropagatorName::B3Multi, &[("x-b3-traceid", TRACE)])), "none");
    let both = [("b3", format!("{TRACE}-{SPAN}-0")), ("x-b3-traceid", "1".repeat(32)), ("x-b3-spanid", SPAN.into())];
    let both: Vec<_> = both.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(show(extract_with(PropagatorName::B3Multi, &both)), format!("{TRACE}-{SPAN}-0"), "`b3` wins");
}

#[test]
fn b3_passes_on_what_it_got() {
    for decision in ["0", "1", "d"] {
        let value = format!("{TRACE}-{SPAN}-{decision}");
        assert_eq!(forwarded(PropagatorName::B3, &[("b3", &value)]), owned(&[("b3", &value)]));
    }
    for decision in [("x-b3-sampled", "0"), ("x-b3-sampled", "1"), ("x-b3-flags", "1")] {
        let lines = [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN), decision];
        assert_eq!(forwarded(PropagatorName::B3Multi, &lines), owned(&lines));
    }
}

#[test]
fn the_random_flag_does_not_cost_b3_the_decision() {
    let propagator = composite(&[PropagatorName::TraceContext, PropagatorName::B3]);
    let incoming = Lines::new(&[("traceparent", &format!("00-{TRACE}-{SPAN}-03"))]);
    let mut out = Lines::default();
    propagator.inject_context(&propagator.extract_with_context(&Context::new(), &incoming), &mut out);
    assert_eq!(out.get("b3"), Some(format!("{TRACE}-{SPAN}-1").as_str()));
    assert_eq!(out.get("traceparent"), incoming.get("traceparent"));
}

#[test]
fn jaeger() {
    let jaeger = |value: &str| show(extract_with(PropagatorName::Jaeger, &[("uber-trace-id", value)]));
    assert_eq!(jaeger(&format!("{TRACE}:{SPAN}:0:1")), format!("{TRACE}-{SPAN}-1"));
    assert_eq!(jaeger(&format!("{TRACE}%3A{SPAN}%3a0%3A0")), format!("{TRACE}-{SPAN}-0"));
    assert_eq!(jaeger("abc:1:0:3"), format!("{}abc-{}1-1", "0".repeat(29), "0".repeat(15)));
    for invalid in ["", ":::", "0:1:0:1", "1:0:0:1", "1:1:0", "1:1:0:1:1", "1:1:0:", "1:1:0:111", "x:1:0:1", "1:-1:0:1"]
    {
        assert_eq!(jaeger(invalid), "none", "{invalid}");
    }
    assert_eq!(jaeger(&format!("1{TRACE}:{SPAN}:0:1")), "none");
    let line = [("uber-trace-id", format!("{TRACE}:{SPAN}:0:1"))];
    let line = [(line[0].0, line[0].1.as_str())];
    assert_eq!(forwarded(PropagatorName::Jaeger, &line), owned(&line));
}

#[test]
fn xray() {
    let xray = |value: &str| show(extract_with(PropagatorName::Xray, &[("x-amzn-trace-id", value)]));
    let root = format!("Root=1-{}-{}", &TRACE[..8], &TRACE[8..]);
    for (rest, sampled) in [(";Sampled=1", 1), (";Sampled=0", 0), (";Sampled=?", 1), ("", 1), ("; Lineage=a:1", 1)] {
        assert_eq!(xray(&format!("{root};Parent={SPAN}{rest}")), format!("{TRACE}-{SPAN}-{sampled}"), "{rest}");
    }
    assert_eq!(xray(&format!("Sampled=0 ;Parent={SPAN};Self=1-2-3; {root}")), format!("{TRACE}-{SPAN}-0"));
    for invalid in [
        String::new(),
        root.clone(),
        format!("Parent={SPAN}"),
        format!("{root};Parent=1"),
        format!("{root};Parent=0000000000000000"),
        format!("{};Parent={SPAN}", root.replace("1-", "2-")),
        format!("{root}0;Parent={SPAN}"),
    ] {
        assert_eq!(xray(&invalid), "none", "{invalid}");
    }
    let value = format!("{root};Parent={SPAN};Sampled=1");
    assert_eq!(forwarded(PropagatorName::Xray, &[("x-amzn-trace-id", &value)]), owned(&[("x-amzn-trace-id", &value)]));
}

#[test]
fn garbage_breaks_none_of_them() {
    let mut random = SmallRng::seed_from_u64(9);
    let seeds = [
        (PropagatorName::B3, "b3", format!("{TRACE}-{SPAN}-1")),
        (PropagatorName::B3Multi, "x-b3-traceid", TRACE.to_owned()),
        (PropagatorName::Jaeger, "uber-trace-id", format!("{TRACE}:{SPAN}:0:1")),
        (PropagatorName::Xray, "x-amzn-trace-id", format!("Root=1-{}-{};Parent={SPAN}", &TRACE[..8], &TRACE[8..])),
    ];
    for (name, header, seed) in seeds {
        let propagator = composite(&[name]);
        for _ in 0..2_000 {
            let value = damaged(&mut random, &seed);
            let lines = Lines::new(&[(header, &value), ("x-b3-spanid", SPAN)]);
            let cx = propagator.extract_with_context(&Context::new(), &lines);
            assert!(!cx.has_active_span() || cx.span().span_context().is_valid(), "{value:?}");
        }
    }
}
