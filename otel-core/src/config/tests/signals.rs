//! The variables of metrics and log records.

use super::{Row, file, joined, pairs, read};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = metrics();
    rows.extend(metrics_otlp());
    rows.extend(logs());
    rows.push(row!("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", |c| format!("{:?}", c.http.exception_signal),
        unset "SpanEvent", "LOGS/dup" => "Both", invalid "events" => "span events"));
    rows
}

fn metrics() -> Vec<Row> {
    vec![
        row!("OTEL_METRICS_EXPORTER", |c| joined(&c.metrics.exporters), unset "otlp",
             "console, otlp,console" => "console otlp", invalid "statsd" => "otlp"),
        row!("OTEL_METRIC_EXPORT_INTERVAL", |c| format!("{:?}", c.metrics.export_interval), unset "None",
             "500" => "Some(500ms)", invalid "0" => "the exporter's own interval"),
        row!("OTEL_METRIC_EXPORT_TIMEOUT", |c| format!("{:?}", c.metrics.export_timeout), unset "None",
             "9" => "Some(9ms)", invalid "9s" => "the exporter's own timeout"),
        row!("OTEL_METRICS_EXEMPLAR_FILTER", |_| String::new(), unset "", "Always_Off" => "",
             invalid "trace_based" => "always_off"),
        row!("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", |c| c.metrics.histogram_aggregation.to_string(),
             unset "explicit_bucket_histogram", "Base2_exponential_bucket_histogram" => "base2_exponential_bucket_histogram",
             invalid "sum" => "explicit_bucket_histogram"),
        row!("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", |c| c.metrics.temporality.to_string(),
             unset "cumulative", "DELTA" => "delta", invalid "both" => "cumulative"),
    ]
}

fn metrics_otlp() -> Vec<Row> {
    vec![
        row!("OTEL_EXPORTER_OTLP_ENDPOINT", |c| c.metrics.otlp.endpoint.clone(),
             unset "http://localhost:4318/v1/metrics", "http://c:1/x/" => "http://c:1/x/v1/metrics",
             invalid "c:1" => "http://localhost:4318"),
        row!("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", |c| c.metrics.otlp.endpoint.clone(),
             unset "http://localhost:4318/v1/metrics", "http://c:1/x" => "http://c:1/x",
             invalid "grpc://c" => "http://localhost:4318/v1/metrics"),
        row!("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", |c| c.metrics.otlp.protocol.to_string(), unset "http/protobuf",
             "HTTP/JSON" => "http/json", invalid "tcp" => "http/protobuf"),
        row!("OTEL_EXPORTER_OTLP_METRICS_HEADERS", |c| pairs(&c.metrics.otlp.headers), unset "",
             "a=b=c" => "a=b=c", invalid "a b=c" => "the other headers"),
        row!("OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", |c| c.metrics.otlp.compression.to_string(), unset "none",
             "gzip" => "gzip", invalid "1" => "none"),
        row!("OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", |c| c.metrics.otlp.timeout.as_millis().to_string(), unset "10000",
             "1" => "1", invalid "0" => "10000 ms"),
        row!("OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE", |c| file(c.metrics.otlp.certificate.as_ref()), unset "",
             "ca.pem" => "ca.pem"),
        row!("OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY", |c| file(c.metrics.otlp.client_key.as_ref()), unset "",
             "key.pem" => "key.pem"),
        row!("OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE", |c| file(c.metrics.otlp.client_certificate.as_ref()),
             unset "", "me.pem" => "me.pem"),
        row!("OTEL_EXPORTER_OTLP_METRICS_INSECURE", |c| c.metrics.otlp.insecure.to_string(), unset "false",
             "TRUE" => "true", invalid "1" => "false"),
    ]
}

fn logs() -> Vec<Row> {
    vec![
        row!("OTEL_RUST_RESOURCE_DETECTORS", |c| joined(&c.resource_detectors), unset "",
             "host, CONTAINER" => "host container", invalid "cloud" => "none"),
        row!("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", |c| c.logs.limits.attributes.to_string(), unset "128",
             "0" => "0", invalid "many" => "128"),
        row!("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", |c| format!("{:?}", c.logs.limits.attribute_value_length),
             unset "None", "7" => "Some(7)", invalid "long" => "no limit"),
        row!("OTEL_LOGS_EXPORTER", |c| joined(&c.logs.exporters), unset "otlp",
             "console" => "console", invalid "stdout" => "otlp"),
        row!("OTEL_BLRP_SCHEDULE_DELAY", |c| format!("{:?}", c.logs.batch.schedule_delay), unset "None",
             "50" => "Some(50ms)", invalid "-1" => "the exporter's own delay"),
        row!("OTEL_BLRP_EXPORT_TIMEOUT", |c| format!("{:?}", c.logs.batch.export_timeout), unset "None",
             "9" => "Some(9ms)", invalid "1.5" => "the exporter's own timeout"),
        row!("OTEL_BLRP_MAX_QUEUE_SIZE", |c| c.logs.batch.max_queue_size.to_string(), unset "2048",
             "3000" => "3000", invalid "0" => "2048"),
        row!("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", |c| c.logs.batch.max_export_batch_size.to_string(), unset "512",
             "2048" => "2048", invalid "1e3" => "512"),
        row!("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", |c| c.logs.otlp.endpoint.clone(),
             unset "http://localhost:4318/v1/logs", "http://c:1/x" => "http://c:1/x",
             invalid "grpc://c" => "http://localhost:4318/v1/logs"),
        row!("OTEL_EXPORTER_OTLP_LOGS_PROTOCOL", |c| c.logs.otlp.protocol.to_string(), unset "http/protobuf",
             "HTTP/JSON" => "http/json", invalid "tcp" => "http/protobuf"),
        row!("OTEL_EXPORTER_OTLP_LOGS_HEADERS", |c| pairs(&c.logs.otlp.headers), unset "",
             "a=b=c" => "a=b=c", invalid "a b=c" => "the other headers"),
        row!("OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", |c| c.logs.otlp.compression.to_string(), unset "none",
             "gzip" => "gzip", invalid "1" => "none"),
        row!("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", |c| c.logs.otlp.timeout.as_millis().to_string(), unset "10000",
             "1" => "1", invalid "0" => "10000 ms"),
        row!("OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", |c| file(c.logs.otlp.certificate.as_ref()), unset "",
             "ca.pem" => "ca.pem"),
        row!("OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", |c| file(c.logs.otlp.client_key.as_ref()), unset "",
             "key.pem" => "key.pem"),
        row!("OTEL_EXPORTER_OTLP_LOGS_CLIENT_CERTIFICATE", |c| file(c.logs.otlp.client_certificate.as_ref()),
             unset "", "me.pem" => "me.pem"),
        row!("OTEL_EXPORTER_OTLP_LOGS_INSECURE", |c| c.logs.otlp.insecure.to_string(), unset "false",
             "TRUE" => "true", invalid "1" => "false"),
    ]
}

#[test]
fn signals_do_not_share_their_own_settings() {
    let (config, problems) = read(&[
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=1"),
        ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "b=2"),
        ("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "7"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "10"),
    ]);
    assert_eq!(problems, []);
    assert_eq!((pairs(&config.traces.otlp.headers), pairs(&config.metrics.otlp.headers)), ("a=1".into(), "b=2".into()));
    assert_eq!((config.traces.otlp.timeout.as_secs(), config.logs.otlp.timeout.as_millis()), (10, 7));
    assert_eq!((config.traces.batch.max_queue_size, config.logs.batch.max_export_batch_size), (2048, 10));
}
