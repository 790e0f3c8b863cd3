//! Values that are not understood, and the precedence of code over the environment.

use crate::process::run;

const CONSOLE: (&str, &str) = ("OTEL_TRACES_EXPORTER", "console");

#[test]
fn each_invalid_value_is_one_warning_and_the_program_runs() {
    let invalid = [
        ("OTEL_SDK_DISABLED", "yes"),
        ("OTEL_RESOURCE_ATTRIBUTES", "nonsense"),
        ("OTEL_LOG_LEVEL", "loud"),
        ("OTEL_TRACES_EXPORTER", "console,zipkin"),
        ("OTEL_PROPAGATORS", "tracecontext,w3c"),
        ("OTEL_TRACES_SAMPLER", "sometimes"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "tcp"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "rar"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "10s"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "18446744073709551615"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "-1"),
        ("OTEL_METRICS_EXPORTER", "statsd"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "all"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1m"),
        ("OTEL_LOGS_EXPORTER", "stdout"),
        ("OTEL_SEMCONV_STABILITY_OPT_IN", "http/new"),
        ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "G T"),
    ];
    let outcome = run("three_spans", &invalid);
    assert_eq!((outcome.spans().len(), outcome.success), (3, true), "{outcome:?}");
    let warnings = outcome.messages("WARN");
    assert_eq!(warnings.len(), invalid.len(), "{warnings:#?}");
    for (variable, _) in invalid {
        let named = warnings.iter().filter(|warning| warning.starts_with(&format!("{variable}=")));
        let [warning] = named.collect::<Vec<_>>()[..] else { panic!("{variable}: {warnings:#?}") };
        assert!(warning.contains("; using "), "{warning}");
    }
}

/// A value may come from somebody else: a message must not let it forge another message, or command a terminal.
#[test]
fn control_characters_in_values_are_escaped() {
    const FORGED: &str = "a\notel-actix: ERROR forged\u{1b}[31m\u{202e}";
    for variable in ["OTEL_SERVICE_NAME", "OTEL_CONFIG_FILE", "OTEL_TRACES_EXPORTER", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
        let outcome = run("three_spans", &[("OTEL_METRICS_EXPORTER", "none"), (variable, FORGED)]);
        assert!(outcome.success, "{outcome:?}");
        assert!(outcome.messages("ERROR").is_empty(), "{variable}: {outcome:?}");
        assert!(!outcome.stderr.contains(['\u{1b}', '\u{202e}']), "{variable}: {outcome:?}");
        // Messages about settings leave out values that may be secrets.
        let is_shown = outcome.stderr.contains(r"a\notel-actix");
        assert!(is_shown || variable != "OTEL_SERVICE_NAME", "{outcome:?}");
    }
}

#[test]
fn a_second_start_warns_and_leaves_the_first_alone() {
    let outcome = run("started_twice", &[CONSOLE]);
    assert_eq!(outcome.spans().len(), 3, "{outcome:?}");
    assert_eq!(outcome.messages("WARN"), ["telemetry is already started; this second start does nothing"]);
}

#[test]
fn disabled_means_no_spans_but_propagators() {
    let outcome = run("injected_headers", &[CONSOLE, ("OTEL_SDK_DISABLED", "true")]);
    let [answer] = &outcome.spans()[..] else { panic!("{outcome:?}") };
    assert_eq!(answer["recording"], false);
    assert_eq!(
        answer["headers"]["traceparent"], "00-00000000000000000000000000000001-0000000000000002-01",
        "{outcome:?}"
    );
}

#[test]
fn no_propagator_is_allowed() {
    let outcome = run("injected_headers", &[("OTEL_TRACES_EXPORTER", "none"), ("OTEL_PROPAGATORS", "none")]);
    let [answer] = &outcome.spans()[..] else { panic!("{outcome:?}") };
    assert_eq!(answer["headers"], serde_json::json!({}));
    assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
}

#[test]
fn code_wins_over_the_environment() {
    let environment = [
        ("OTEL_SERVICE_NAME", "from environment"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=environment,stage=test"),
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
    ];
    let outcome = run("settings_in_code", &environment);
    let spans = outcome.spans();
    assert_eq!(spans.len(), 3, "{outcome:?}");
    let resource = &spans[0]["resource"]["attributes"];
    assert_eq!((&resource["service.name"], &resource["team"]), (&"from code".into(), &"code".into()));
    assert_eq!(resource["stage"], "test");
}

#[test]
fn silence_can_be_asked_for() {
    let outcome = run("three_spans", &[CONSOLE, ("OTEL_LOG_LEVEL", "off"), ("OTEL_SDK_DISABLED", "?")]);
    assert_eq!((outcome.stderr.as_str(), outcome.spans().len()), ("", 3));
}

#[test]
fn long_values_are_cut() {
    let outcome = run("three_spans", &[CONSOLE, ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4")]);
    assert_eq!(outcome.spans()[0]["attributes"]["text"], "long", "{outcome:?}");
}
