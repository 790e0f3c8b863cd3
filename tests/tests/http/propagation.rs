//! W3C trace context through a whole server, by the cases of the W3C's conformance suite
//! ([trace-context/test](https://github.com/w3c/trace-context/tree/main/test)): what does a handler send on?

use super::support::{TestServer, serve};
use actix_web::{App, web};
use opentelemetry::{Context, global};
use std::collections::HashMap;

const TRACE_ID: &str = "12345678901234567890123456789012";
const PARENT: &str = "00-12345678901234567890123456789012-1234567890123456-01";

fn server() -> TestServer {
    async fn calls_on() -> String {
        let mut carrier = HashMap::new();
        global::get_text_map_propagator(|propagator| propagator.inject_context(&Context::current(), &mut carrier));
        let state = carrier.get("tracestate").map_or("-", String::as_str);
        format!("{}\n{state}", carrier["traceparent"])
    }
    serve!(|| App::new().default_service(web::to(calls_on)))
}

/// What a handler sends on.
#[derive(Debug)]
struct Sent {
    trace_id: String,
    span_id: String,
    flags: String,
    /// `None`: no such header.
    state: Option<String>,
}

impl Sent {
    /// Sends header lines as they are.
    fn with(server: &TestServer, lines: &[&str]) -> Self {
        let lines: String = lines.iter().map(|line| [line, "\r\n"].concat()).collect();
        let response =
            server.send_raw(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n"));
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        let (parent, state) = body.split_once('\n').unwrap();
        let fields: Vec<&str> = parent.split('-').collect();
        let [version, trace_id, span_id, flags] = fields[..] else { panic!("{parent}") };
        assert_eq!((version, trace_id.len(), span_id.len(), flags.len()), ("00", 32, 16, 2), "{parent}");
        assert!(trace_id.bytes().any(|digit| digit != b'0') && span_id.bytes().any(|digit| digit != b'0'));
        let state = (state != "-").then(|| state.to_owned());
        Self { trace_id: trace_id.to_owned(), span_id: span_id.to_owned(), flags: flags.to_owned(), state }
    }

    fn goes_on(&self) -> bool {
        assert_ne!(self.span_id, "1234567890123456", "the server's span is the parent of what is called");
        self.trace_id == TRACE_ID
    }
}

/// The trace goes on, for each of these `traceparent`s.
fn assert_go_on(parents: &[&str]) {
    let server = server();
    for parent in parents {
        assert!(Sent::with(&server, &[&format!("traceparent: {parent}")]).goes_on(), "{parent}");
    }
}

/// A new trace begins, for each of these `traceparent`s, and their `tracestate` is lost with them.
fn assert_restart(parents: &[&str]) {
    let server = server();
    for parent in parents {
        let sent = Sent::with(&server, &[&format!("traceparent: {parent}"), "tracestate: foo=1"]);
        assert!(!sent.goes_on(), "{parent}: {sent:?}");
        assert_eq!(sent.state, None, "{parent}");
    }
}

/// The `tracestate` that is sent on for these lines of it. The trace goes on whatever they are.
fn state(server: &TestServer, lines: &[&str]) -> Option<String> {
    let lines: Vec<String> = lines.iter().map(|line| format!("tracestate: {line}")).collect();
    let mut all = vec!["traceparent: 00-12345678901234567890123456789012-1234567890123456-00"];
    all.extend(lines.iter().map(String::as_str));
    let sent = Sent::with(server, &all);
    assert!(sent.goes_on(), "{lines:?}");
    sent.state
}

fn assert_states(cases: &[(&[&str], Option<&str>)]) {
    let server = server();
    for (lines, expected) in cases {
        assert_eq!(state(&server, lines).as_deref(), *expected, "{lines:?}");
    }
}

mod parent {
    use super::*;

    #[test]
    fn nothing_begins_a_trace() {
        let server = server();
        let (one, other) = (Sent::with(&server, &[]), Sent::with(&server, &[]));
        assert!(!one.goes_on() && one.state.is_none());
        assert_ne!(one.trace_id, other.trace_id);
        let sent = Sent::with(&server, &["tracestate: foo=1"]);
        assert_eq!(sent.state, None, "a tracestate alone means nothing");
    }

    #[test]
    fn a_valid_one_goes_on() {
        assert_go_on(&[PARENT]);
        let server = server();
        assert_eq!(Sent::with(&server, &[&format!("traceparent: {PARENT}")]).state, None);
    }

    #[test]
    fn header_names_have_any_case() {
        let server = server();
        for name in ["TraceParent", "TrAcEpArEnT", "TRACEPARENT"] {
            assert!(Sent::with(&server, &[&format!("{name}: {PARENT}")]).goes_on(), "{name}");
        }
        for name in ["trace-parent", "trace.parent", "trace_parent"] {
            assert!(!Sent::with(&server, &[&format!("{name}: {PARENT}")]).goes_on(), "{name}");
        }
    }

    #[test]
    fn more_than_one_is_none() {
        let server = server();
        let other = format!("traceparent: {}", PARENT.replace('8', "9"));
        let parent = format!("traceparent: {PARENT}");
        for lines in [[parent.as_str(), &other], [&other, &parent], [&parent, &parent], [&parent, "traceparent:"]] {
            let sent = Sent::with(&server, &lines);
            assert!(!sent.goes_on() && !sent.trace_id.starts_with("12345679"), "{lines:?}: {sent:?}");
        }
        assert_restart(&[&format!("{PARENT},{PARENT}"), &format!("{PARENT}, {PARENT}")]);
    }

    #[test]
    fn version_00_has_no_more_fields() {
        assert_restart(&[&format!("{PARENT}."), &format!("{PARENT}-"), &format!("{PARENT}-extra")]);
    }

    #[test]
    fn versions_to_come_may_have_more_fields() {
        let cc = PARENT.replacen("00", "cc", 1);
        assert_go_on(&[&cc, &format!("{cc}-"), &format!("{cc}-what-the-future-will-be-like")]);
        assert_restart(&[&format!("{cc}."), &format!("{cc}.what-the-future-will-be-like"), &format!("{cc}x")]);
    }

    #[test]
    fn versions_that_are_none() {
        let rest = PARENT.strip_prefix("00").unwrap();
        let with = |version: &str| format!("{version}{rest}");
        let invalid = ["ff", ".0", "0.", "000", "0000", "0", "", "CC", "0x", " 0"].map(with);
        assert_restart(&invalid.each_ref().map(String::as_str));
    }

    #[test]
    fn trace_ids_that_are_none() {
        let with = |id: &str| format!("00-{id}-1234567890123456-01");
        let invalid = [
            "00000000000000000000000000000000",
            ".2345678901234567890123456789012",
            "1234567890123456789012345678901.",
            "123456789012345678901234567890123",
            "1234567890123456789012345678901",
            "1234567890123456789012345678901A",
            "",
        ]
        .map(with);
        assert_restart(&invalid.each_ref().map(String::as_str));
    }

    #[test]
    fn parent_ids_that_are_none() {
        let with = |id: &str| format!("00-12345678901234567890123456789012-{id}-01");
        let invalid = [
            "0000000000000000",
            ".234567890123456",
            "123456789012345.",
            "12345678901234567",
            "123456789012345",
            "123456789012345A",
            "",
        ]
        .map(with);
        assert_restart(&invalid.each_ref().map(String::as_str));
    }

    #[test]
    fn flags_that_are_none() {
        let with = |flags: &str| format!("00-12345678901234567890123456789012-1234567890123456-{flags}");
        let invalid = [".0", "0.", "001", "1", "", "0A", "+1"].map(with);
        assert_restart(&invalid.each_ref().map(String::as_str));
    }

    #[test]
    fn flags_of_level_2() {
        let server = server();
        // Also where nothing is sampled. Unknown bits are not sent on.
        for (flags, sent) in [("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("ff", "03"), ("fc", "00")] {
            let line = format!("traceparent: 00-12345678901234567890123456789012-1234567890123456-{flags}");
            assert_eq!(Sent::with(&server, &[&line]).flags, sent, "{flags}");
        }
    }

    #[test]
    fn white_space_around_is_optional() {
        let [blank, tab, both] = [format!(" {PARENT} "), format!("\t{PARENT}\t"), format!("\t {PARENT} \t")];
        assert_go_on(&[&blank, &tab, &both]);
        assert_restart(&[&PARENT.replacen('-', " -", 1), &PARENT.replacen('-', "- ", 1)]);
    }
}

mod state {
    use super::*;

    #[test]
    fn it_goes_on_with_its_parent() {
        assert_states(&[
            (&["foo=1,bar=2"], Some("foo=1,bar=2")),
            (&["foo=1,bar=2", "rojo=1,congo=2", "baz=3"], Some("foo=1,bar=2,rojo=1,congo=2,baz=3")),
        ]);
    }

    #[test]
    fn header_names_have_any_case() {
        let server = server();
        let parent = format!("traceparent: {PARENT}");
        for name in ["TraceState", "TrAcEsTaTe", "TRACESTATE"] {
            let sent = Sent::with(&server, &[&parent, &format!("{name}: foo=1")]);
            assert_eq!(sent.state.as_deref(), Some("foo=1"), "{name}");
        }
        for name in ["trace-state", "trace.state"] {
            assert_eq!(Sent::with(&server, &[&parent, &format!("{name}: foo=1")]).state, None, "{name}");
        }
    }

    #[test]
    fn empty_lines_and_members_are_nothing() {
        assert_states(&[
            (&[""], None),
            (&["", ""], None),
            (&["foo=1", ""], Some("foo=1")),
            (&["", "foo=1"], Some("foo=1")),
            (&["foo=1,"], Some("foo=1")),
            (&[",foo=1,, ,bar=2"], Some("foo=1,bar=2")),
        ]);
    }

    #[test]
    fn of_a_repeated_key_the_first_is_kept() {
        assert_states(&[
            (&["foo=1,foo=1"], Some("foo=1")),
            (&["foo=1,foo=2"], Some("foo=1")),
            (&["foo=1", "foo=1"], Some("foo=1")),
            (&["foo=1", "bar=3,foo=2"], Some("foo=1,bar=3")),
        ]);
    }

    #[test]
    fn all_characters_that_are_allowed() {
        let key = "abcdefghijklmnopqrstuvwxyz0123456789_-*/";
        let value: String = (' '..='~').filter(|character| !",=".contains(*character)).collect();
        let value = value.trim_start();
        let (plain, tenant) = (format!("{key}={value}"), format!("a{key}@a-*/={value}"));
        assert_states(&[(&[&plain], Some(&plain)), (&[&tenant], Some(&tenant)), (&["0=1"], Some("0=1"))]);
    }

    #[test]
    fn white_space_around_members_is_optional() {
        assert_states(&[
            (&["foo=1 \t , \t bar=2, \t baz=3"], Some("foo=1,bar=2,baz=3")),
            (&["foo=1\t \t,\t \tbar=2,\t \tbaz=3"], Some("foo=1,bar=2,baz=3")),
            (&[" foo=1"], Some("foo=1")),
            (&["\tfoo=1"], Some("foo=1")),
            (&["foo=1 "], Some("foo=1")),
            (&["foo=1\t"], Some("foo=1")),
            (&["\t foo=1 \t"], Some("foo=1")),
        ]);
    }

    #[test]
    fn keys_that_are_none() {
        for key in ["foo ", "FOO", "foo.bar", "@foo", "", "_foo", "fo\u{e9}o"] {
            assert_states(&[(&[&format!("{key}=1,bar=2")], None)]);
        }
    }

    #[test]
    fn keys_of_level_2_may_have_at_signs_anywhere_but_at_first() {
        for key in ["foo@", "foo@@bar", "foo@bar@baz", "t@vvvvvvvvvvvvvvv"] {
            let state = format!("{key}=1,bar=2");
            assert_states(&[(&[&state], Some(&state))]);
        }
    }

    #[test]
    fn members_that_are_none() {
        assert_states(&[
            (&["foo"], None),
            (&["foo="], None),
            (&["foo=bar=baz"], None),
            (&["foo==1"], None),
            (&["foo=,bar=3"], None),
            (&["foo=1;bar=2=3"], None),
            (&["ok=1", "foo"], None),
            (&["foo=\u{e9}"], None),
        ]);
    }

    #[test]
    fn there_are_32_members_at_most() {
        let members = |from: usize, to: usize| (from..to).map(|n| format!("bar{n:02}=1")).collect::<Vec<_>>().join(",");
        let (most, one_too_many) = (members(0, 32), members(0, 33));
        assert_states(&[
            (&[&most], Some(&most)),
            (&[&members(0, 16), &members(16, 32)], Some(&most)),
            (&[&one_too_many], None),
            (&[&members(0, 16), &members(16, 33)], None),
        ]);
    }

    #[test]
    fn keys_and_values_have_256_characters_at_most() {
        let [key, longer_key] = [256, 257].map(|length| format!("{}=1", "z".repeat(length)));
        let [value, longer_value] = [256, 257].map(|length| format!("z={}", "v".repeat(length)));
        let tenant = format!("foo=1,{}@{}=1", "t".repeat(241), "v".repeat(14));
        let longer_tenant = format!("foo=1,{}@{}=1", "t".repeat(242), "v".repeat(14));
        assert_states(&[
            (&[&key], Some(&key)),
            (&[&longer_key], None),
            (&[&value], Some(&value)),
            (&[&longer_value], None),
            (&[&tenant], Some(&tenant)),
            (&[&longer_tenant], None),
        ]);
    }
}
