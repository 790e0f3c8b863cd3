//! Functions whose spans nothing exports: they have none, and the trace of the caller goes on.

use serde_json::{Value, json};

use crate::process::run;

const NONE: (&str, &str) = ("OTEL_TRACES_EXPORTER", "none");
const CONSOLE: (&str, &str) = ("OTEL_TRACES_EXPORTER", "console");

/// The contexts of a program with these variables: before the start, without a parent, and below a sampled one of another
/// service. Both calls of each pair have to be alike.
fn contexts(variables: &[(&str, &str)]) -> [Value; 3] {
    let outcome = run("contexts_of_functions", &[&[("OTEL_PROPAGATORS", "tracecontext")], variables].concat());
    let contexts: Vec<Value> = outcome.spans().into_iter().filter(|object| object.get("call").is_some()).collect();
    let [before, first, second, below, second_below] = contexts.try_into().expect("five calls");
    assert_eq!(first["recording"], second["recording"], "{first} {second}");
    assert_eq!((&below["recording"], &below["trace"]), (&second_below["recording"], &second_below["trace"]));
    [before, second, second_below]
}

fn is_none(context: &Value) -> bool {
    let shown = json!([context["recording"], context["trace"], context["span"], context["sampled"]]);
    shown == json!([false, "0".repeat(32), "0".repeat(16), false])
}

#[test]
fn without_exporters_the_callers_span_stays_the_current_one() {
    for sampler in ["parentbased_always_on", "always_on", "always_off"] {
        let [before, alone, below] = contexts(&[NONE, ("OTEL_TRACES_SAMPLER", sampler)]);
        assert!(is_none(&before) && is_none(&alone), "{sampler}: {alone}");
        assert_eq!((&below["recording"], &below["sampled"]), (&json!(false), &json!(true)), "{sampler}: {below}");
        assert_eq!(below["span"], "0000000000000002", "{sampler}: {below}");
    }
}

#[test]
fn called_services_see_that_a_trace_is_not_sampled() {
    for sampler in [("always_off", "1"), ("traceidratio", "0")] {
        let variables = [CONSOLE, ("OTEL_TRACES_SAMPLER", sampler.0), ("OTEL_TRACES_SAMPLER_ARG", sampler.1)];
        let [before, alone, below] = contexts(&variables);
        assert!(is_none(&before) && is_none(&alone), "{sampler:?}: {alone}");
        assert_eq!((&below["recording"], &below["sampled"]), (&json!(false), &json!(false)), "{sampler:?}: {below}");
        assert_eq!(below["trace"], format!("{:032}", 1), "{sampler:?}: {below}");
        assert_ne!(below["span"], "0000000000000002", "{sampler:?}: {below}");
    }
}

#[test]
fn a_sampled_parent_is_followed_where_no_trace_may_start() {
    let [_, alone, below] = contexts(&[CONSOLE, ("OTEL_TRACES_SAMPLER", "parentbased_always_off")]);
    assert!(is_none(&alone), "{alone}");
    assert_eq!((&below["recording"], &below["sampled"]), (&json!(true), &json!(true)), "{below}");
}

/// The thread has found out that there is no provider, and would not look again for some milliseconds.
#[test]
fn a_provider_of_ours_is_used_at_once() {
    let [before, alone, _] = contexts(&[CONSOLE]);
    assert!(is_none(&before), "{before}");
    assert_eq!(alone["recording"], true, "{alone}");
}
