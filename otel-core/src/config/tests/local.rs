//! The variables of the console, the viewer, Prometheus' endpoint and runtime metrics.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row!("OTEL_EXPORTER_PROMETHEUS_HOST", |c| c.metrics.prometheus.host.clone(), unset "localhost",
             "0.0.0.0" => "0.0.0.0"),
        row!("OTEL_EXPORTER_PROMETHEUS_PORT", |c| c.metrics.prometheus.port.to_string(), unset "9464",
             "0" => "0", invalid "-1" => "9464"),
        row!("OTEL_RUST_RUNTIME_METRICS", |c| c.runtime_metrics.to_string(), unset "false",
             "true" => "true", invalid "on" => "false"),
        row!("OTEL_RUST_DISABLED_INSTRUMENTATIONS", |c| joined(&c.disabled_libraries), unset "",
             "sqlx, AWC,sqlx" => "sqlx awc", invalid "curl" => "none"),
        row!("OTEL_RUST_DB_RETURNED_ROWS", |c| c.returned_rows.to_string(), unset "false",
             "true" => "true", invalid "1" => "false"),
        row!("OTEL_RUST_CONSOLE_FORMAT", |c| format!("{:?}", c.traces.console_format), unset "None",
             "TEXT" => "Some(Text)", invalid "xml" => "json"),
        row!("OTEL_RUST_VIEWER_PORT", |c| format!("{:?}", c.viewer.port), unset "None",
             "0" => "Some(0)", invalid "65536" => "4319"),
        row!("OTEL_RUST_VIEWER_MEMORY", |c| c.viewer.memory.to_string(), unset "64", "256" => "256", invalid "0" => "64"),
        row!("OTEL_RUST_VIEWER_TOKEN", |c| format!("{:?}", c.viewer.token), unset "None", "t" => "Some(\"t\")"),
    ]
}

#[test]
fn metrics_and_log_records_go_to_the_viewer_if_traces_do() {
    let exporters = |variables: &[(&str, &str)]| {
        let (config, problems) = read(variables);
        assert_eq!(problems, []);
        (joined(&config.traces.exporters), joined(&config.metrics.exporters), joined(&config.logs.exporters))
    };
    let texts = |one: &str, two: &str, three: &str| (one.to_owned(), two.to_owned(), three.to_owned());
    assert_eq!(exporters(&[("OTEL_TRACES_EXPORTER", "Viewer")]), texts("viewer", "viewer", "viewer"));
    assert_eq!(exporters(&[("OTEL_TRACES_EXPORTER", "otlp, viewer")]), texts("otlp viewer", "viewer", "viewer"));
    let own = [("OTEL_TRACES_EXPORTER", "viewer"), ("OTEL_METRICS_EXPORTER", "otlp"), ("OTEL_LOGS_EXPORTER", "none")];
    assert_eq!(exporters(&own), texts("viewer", "otlp", ""));
}
