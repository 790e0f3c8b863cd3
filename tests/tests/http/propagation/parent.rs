//! `traceparent`.

use super::{PARENT, Sent, assert_go_on, assert_restart, server};

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
    // Even if nothing is sampled. Unknown bits are not sent on.
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
