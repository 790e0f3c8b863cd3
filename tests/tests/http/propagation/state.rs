//! `tracestate`.

use super::{PARENT, Sent, assert_states, server};

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
