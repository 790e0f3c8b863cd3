//! The report: readable on a terminal, useful in a pipe, and true.

use serde_json::json;

use super::super::{
    Comparison, Mode, Report, Style,
    comparison::tests::{case, side},
};

fn comparison() -> Comparison {
    Comparison { mode: Mode::Stable, case: case(), manual: side(40001), auto: side(40002) }
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
