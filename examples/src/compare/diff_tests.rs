//! Every change of a span has to show: a comparison that cannot fail is worthless.

use serde_json::{Value, json};

use super::super::{Mark, Parent, Row, Side, Span, comparison::tests::side, diff, normalise};

fn compare(manual: &Side, auto: &Side) -> Vec<Row> {
    diff(&[normalise(manual, Parent::Client), normalise(auto, Parent::Client)])
}

/// The names of the facts that differ after `change` was made to either side.
#[track_caller]
fn different(change: impl Fn(&mut Span)) -> Vec<String> {
    let names = |rows: Vec<Row>| -> Vec<String> {
        let different = rows.into_iter().filter(|row| row.mark == Mark::Different);
        let mut names: Vec<_> = different.map(|row| row.field.name).collect();
        names.sort();
        names
    };
    let (manual, mut auto) = (side(40001), side(40002));
    change(&mut auto.spans[0]);
    let (one, other) = (names(compare(&manual, &auto)), names(compare(&auto, &manual)));
    assert_eq!(one, other, "the comparison depends on the order");
    one
}

fn set(span: &mut Span, name: &str, value: Value) {
    span.attributes.insert(name.to_owned(), value);
}

#[test]
fn two_runs_of_the_same_server_are_equal() {
    assert_eq!(different(|_| {}), [""; 0]);
    let rows = compare(&side(40001), &side(40002));
    let mark = |name: &str| rows.iter().find(|row| row.field.name == name).map(|row| row.mark);
    assert_eq!(mark("http.route"), Some(Mark::Equal));
    for name in ["server.port", "network.peer.port", "http.host", "span_id", "parent_id"] {
        assert_eq!(mark(name), Some(Mark::Normalised), "{name}");
    }
}

#[test]
fn a_changed_attribute_is_a_difference() {
    assert_eq!(different(|span| set(span, "http.route", json!("/b"))), ["http.route"]);
}

#[test]
fn a_missing_attribute_is_a_difference() {
    assert_eq!(different(|span| drop(span.attributes.remove("http.route"))), ["http.route"]);
}

#[test]
fn an_additional_attribute_is_a_difference() {
    assert_eq!(different(|span| set(span, "client.port", json!(1))), ["client.port"]);
}

#[test]
fn a_number_is_not_its_text() {
    assert_eq!(different(|span| set(span, "http.response.status_code", json!("200"))), ["http.response.status_code"]);
    assert_eq!(different(|span| set(span, "http.response.status_code", json!(200.0))), ["http.response.status_code"]);
    assert_eq!(different(|span| set(span, "server.port", json!("40002"))), ["server.port"]);
}

#[test]
fn only_the_right_port_is_normalised() {
    assert_eq!(different(|span| set(span, "server.port", json!(80))), ["server.port"]);
    assert_eq!(different(|span| set(span, "network.peer.port", json!(1))), ["network.peer.port"]);
    assert_eq!(different(|span| set(span, "http.host", json!("localhost"))), ["http.host"]);
}

#[test]
fn a_broken_parent_link_is_a_difference() {
    assert_eq!(different(|span| span.parent_id = None), ["parent", "parent_id", "trace_id"]);
    assert_eq!(
        different(|span| span.parent_id = Some("0x0000000000000099".to_owned())),
        ["parent", "parent_id", "trace_id"]
    );
    assert_eq!(different(|span| span.context.trace_id = "0x99".to_owned()), ["parent", "parent_id", "trace_id"]);
}

#[test]
fn name_kind_status_and_state_are_compared() {
    assert_eq!(different(|span| span.name = "GET".to_owned()), ["name"]);
    assert_eq!(different(|span| span.kind = "SpanKind.INTERNAL".to_owned()), ["kind"]);
    assert_eq!(
        different(|span| drop(span.status.insert("status_code".to_owned(), json!("ERROR")))),
        ["status.status_code"]
    );
    assert_eq!(
        different(|span| drop(span.status.insert("description".to_owned(), json!("x")))),
        ["status.description"]
    );
    assert_eq!(different(|span| span.context.trace_state = json!("[a=b]")), ["trace_state"]);
    assert_eq!(different(|span| span.context.span_id = "0x0000000000000000".to_owned()), ["span_id"]);
}

#[test]
fn events_links_and_resource_are_compared() {
    let message = "events[0].exception.message";
    assert_eq!(different(|span| span.events.clear()), [message, "events[0].name"]);
    let changed = json!("other");
    assert_eq!(different(|span| span.events[0].attributes["exception.message"] = changed.clone()), [message]);
    assert_eq!(different(|span| span.links.push(json!({}))), ["links[0]"]);
    let renamed = json!({"attributes": {"service.name": "other"}});
    assert_eq!(different(|span| span.resource = renamed.clone()), ["resource.service.name"]);
}

#[test]
fn time_runs_forward() {
    assert_eq!(different(|span| "2026-01-02T03:04:04.000000Z".clone_into(&mut span.end_time)), ["end_time"]);
    assert_eq!(different(|span| "yesterday".clone_into(&mut span.start_time)), ["end_time", "start_time"]);
}

#[test]
fn a_missing_span_is_a_difference() {
    let (manual, mut auto) = (side(40001), side(40002));
    auto.spans.clear();
    let rows = compare(&manual, &auto);
    assert!(rows.iter().any(|row| row.mark == Mark::Different && row.field.name == "name"));
}

#[test]
fn another_answer_is_a_difference() {
    let (manual, mut auto) = (side(40001), side(40002));
    auto.body = vec!["other".to_owned()];
    assert!(compare(&manual, &auto).iter().any(|row| row.mark == Mark::Different && row.field.name == "answer.body"));
}

#[test]
fn a_third_side_has_to_be_equal_too() {
    let (manual, auto, mut third) = (side(40001), side(40002), side(40003));
    let rows = |third: &Side| diff(&[&manual, &auto, third].map(|side| normalise(side, Parent::Client)));
    assert!(rows(&third).iter().all(|row| row.mark != Mark::Different && row.values.len() == 3));
    set(&mut third.spans[0], "http.route", json!("/b"));
    let different = |row: &Row| row.mark == Mark::Different;
    assert_eq!(rows(&third).iter().filter(|row| different(row)).count(), 1);
    third.spans.clear();
    assert!(rows(&third).iter().any(different));
}
