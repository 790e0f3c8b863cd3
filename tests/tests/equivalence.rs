//! One attribute, the same span: `compare` as a test.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use examples::compare::{Case, Comparison, Failure, Mode, Programs, Report, Span, Style, cases, compare};
use serde_json::Value;
use workspace_tests::{golden, with_programs};

async fn compared(programs: &Programs, mode: Mode, cases: &[Case]) -> Result<Vec<Comparison>, Failure> {
    let comparisons = compare(programs, mode, cases).await?;
    assert_eq!(comparisons.len(), cases.len());
    Ok(comparisons)
}

#[track_caller]
fn assert_equal(mode: Mode) {
    with_programs(|programs| async move {
        let mut report = Report::new(Style::PLAIN);
        let mut text = String::new();
        for comparison in compared(&programs, mode, &cases()).await? {
            let shown = report.comparison(&comparison);
            if !comparison.is_equal() {
                text.push_str(&shown);
            }
        }
        assert!(report.verdict().is_equal(), "{text}{}", report.conclusion());
        assert_eq!(report.verdict().compared, cases().len());
        Ok(())
    })
    .unwrap();
}

#[test]
fn same_spans_with_the_stable_conventions() {
    assert_equal(Mode::Stable);
}

#[test]
fn same_spans_with_both_conventions() {
    assert_equal(Mode::Dup);
}

#[test]
fn same_spans_with_the_old_conventions() {
    assert_equal(Mode::Old);
}

/// Two servers that differ: the comparison has to find that.
#[test]
fn another_server_is_different() {
    with_programs(|programs| async move {
        let programs = Programs { server_auto: programs.server_handlers.clone(), ..programs };
        let comparison = compared(&programs, Mode::Stable, &cases()[..1]).await?.remove(0);
        assert!(!comparison.is_equal());
        Ok(())
    })
    .unwrap();
}

/// The span of `server_auto` for the request of OpenTelemetry's example, and the client's span.
fn seed_span(mode: Mode, check: impl FnOnce(&Span, &Span)) {
    with_programs(|programs| async move {
        let seed = &cases()[..1];
        assert_eq!(seed[0].target, "/server_request?param=testing");
        let comparison = compared(&programs, mode, seed).await?.remove(0);
        check(&comparison.auto.spans[0], &comparison.auto.client);
        Ok(())
    })
    .unwrap();
}

#[test]
fn the_seed_request_is_recorded_below_the_client() {
    seed_span(Mode::Stable, |span, client| {
        assert_eq!(span.name, "GET /server_request");
        assert_eq!(span.attributes["http.route"], "/server_request");
        assert_eq!(span.attributes["http.response.status_code"], 200);
        assert_eq!(span.parent_id.as_ref(), Some(&client.context.span_id));
        assert_eq!(span.context.trace_id, client.context.trace_id);
        assert_eq!(client.kind, "SpanKind.CLIENT");
    });
}

/// The span that OpenTelemetry Python printed in 2020 for the same request: the goal with which this project began.
#[test]
fn the_old_conventions_have_every_attribute_of_2020() {
    let golden: Value = serde_json::from_str(&golden("seed-2020.json").unwrap()).unwrap();
    let golden = golden["automatic"].clone();
    seed_span(Mode::Old, |span, client| {
        assert_eq!(span.kind, golden["kind"]);
        assert_eq!(span.parent_id.as_ref(), Some(&client.context.span_id));
        let expected = golden["attributes"].as_object().unwrap();
        assert_eq!(expected.len(), 13);
        let host = span.attributes["http.host"].as_str().unwrap();
        let port: u16 = host.strip_prefix("localhost:").unwrap().parse().unwrap();
        for (name, expected) in expected {
            let expected = match name.as_str() {
                "host.port" => Value::from(port),
                "http.host" => Value::from(format!("localhost:{port}")),
                "net.peer.port" => client.attributes["network.local.port"].clone(),
                _ => expected.clone(),
            };
            assert_eq!(span.attributes.get(name), Some(&expected), "{name}");
        }
    });
}
