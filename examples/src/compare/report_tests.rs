//! The report: readable on a terminal, usable in a pipe, and correct.

use serde_json::json;

use super::super::{
    Comparison, Mode, Report, Style,
    comparison::tests::{case, side},
};

fn comparison() -> Comparison {
    Comparison { mode: Mode::Stable, case: case(), manual: side(40001), auto: side(40002), zero_code: None }
}

#[test]
fn equal_spans_are_shown_and_counted() {
    let mut report = Report::new(Style::PLAIN);
    let text = report.comparison(&comparison());
    assert!(text.starts_with("== [http] GET /server_request?param=testing\n"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("  = http.route ")), "{text}");
    assert!(text.lines().any(|line| line.starts_with("  ~ network.peer.port ")), "{text}");
    assert!(!text.contains("  ! "), "{text}");
    assert!(report.verdict().is_equal());
    assert_eq!(report.conclusion(), "VERDICT equal: 1 of 1 requests gave the same span\n");
}

#[test]
fn a_difference_is_marked_repeated_and_decides() {
    let mut report = Report::new(Style::PLAIN);
    let mut comparison = comparison();
    comparison.auto.spans[0].attributes.insert("url.path".to_owned(), json!("/b"));
    let text = report.comparison(&comparison);
    assert!(text.lines().any(|line| line.starts_with("  ! url.path ")), "{text}");
    assert!(!report.verdict().is_equal());
    let conclusion = report.conclusion();
    assert!(conclusion.contains("url.path: server_manual (nothing), server_auto \"/b\""), "{conclusion}");
    assert!(conclusion.ends_with("VERDICT different: 1 of 1 requests gave different spans\n"), "{conclusion}");
}

#[test]
fn a_third_server_has_a_column() {
    let mut report = Report::new(Style::PLAIN);
    let mut comparison = comparison();
    comparison.zero_code = Some(side(40003));
    let text = report.comparison(&comparison);
    assert!(text.lines().any(|line| line.ends_with("server_uninstrumented")), "{text}");
    assert!(report.verdict().is_equal(), "{text}");
    comparison.zero_code.iter_mut().for_each(|side| side.spans.clear());
    report.comparison(&comparison);
    assert!(report.conclusion().contains("server_uninstrumented (nothing)"));
    let mut narrow = Report::new(Style { colour: false, width: Some(120) });
    for line in narrow.comparison(&comparison).lines() {
        assert!(line.chars().count() <= 120, "{line}");
    }
}

#[test]
fn nothing_compared_is_not_equal() {
    assert!(!Report::new(Style::PLAIN).verdict().is_equal());
}

#[test]
fn a_terminal_gets_colours_and_lines_that_fit() {
    let mut report = Report::new(Style { colour: true, width: Some(80) });
    let text = report.comparison(&comparison());
    assert!(text.contains("\x1b["));
    let mut plain = Report::new(Style { colour: false, width: Some(80) });
    for line in plain.comparison(&comparison()).lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}
