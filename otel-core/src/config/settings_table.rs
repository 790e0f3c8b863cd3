//! Every variable that is read, in words. The table in `docs/settings.md` is made from this one, and tests compare both.

/// One or several variables that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingDoc {
    /// Names of variables.
    pub variables: &'static [&'static str],
    /// `true` if each also exists for one signal, which then wins: `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, and the same with
    /// `METRICS` and `LOGS`.
    pub per_signal: bool,
    /// Methods of [`InitBuilder`](crate::startup::InitBuilder) that set the same, in the same order. Empty if there is none.
    pub builder: &'static [&'static str],
    /// The default.
    pub default: SettingDefault,
    /// Their meaning, in Markdown.
    pub meaning: &'static str,
}

/// The default of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingDefault {
    /// The same as with this value.
    Value(&'static str),
    /// In words, for a default that no value of the variable stands for.
    Otherwise(&'static str),
}

use SettingDefault::{Otherwise, Value};

const fn row(
    variables: &'static [&'static str],
    builder: &'static [&'static str],
    default: SettingDefault,
    meaning: &'static str,
) -> SettingDoc {
    SettingDoc { variables, per_signal: false, builder, default, meaning }
}

const fn otlp(
    variable: &'static [&'static str],
    builder: &'static [&'static str],
    default: SettingDefault,
    meaning: &'static str,
) -> SettingDoc {
    SettingDoc { variables: variable, per_signal: true, builder, default, meaning }
}

/// Every variable that is read.
#[rustfmt::skip] // One row, one glance.
pub const SETTINGS: &[SettingDoc] = &[
    row(&["OTEL_SERVICE_NAME"], &["service_name"], Otherwise("`unknown_service:` and the program's name"), "the name of the service"),
    row(&["OTEL_RESOURCE_ATTRIBUTES"], &["resource_attribute"], Otherwise("none"),
        "attributes of the service: `key=value,…`, percent-encoded"),
    row(&["OTEL_RUST_RESOURCE_DETECTORS"], &["resource_detectors"], Value("none"),
        "attributes that are detected: a list of `host`, `process`, `container`; or `none`"),
    row(&["OTEL_SDK_DISABLED"], &["sdk_disabled"], Value("false"), "`true`: no telemetry; the trace context is still passed on"),
    row(&["OTEL_CONFIG_FILE"], &["config_file"], Otherwise("none"),
        "a [configuration file](configuration-file.md), which takes the place of all other variables"),
    row(&["OTEL_LOG_LEVEL"], &["log_level"], Value("info"),
        "messages of telemetry about itself: `off`, `error`, `warn`, `info`, `debug`, `trace`"),
    row(&["OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER"],
        &["traces_exporters", "metrics_exporters", "logs_exporters"], Value("otlp"),
        "`otlp`, `console`, `none`, or, with the cargo features of these names, `viewer` and, for metrics, `prometheus`; a list for several. Metrics and log records go to the viewer if traces do"),
    row(&["OTEL_EXPORTER_PROMETHEUS_HOST", "OTEL_EXPORTER_PROMETHEUS_PORT"], &["exporter_prometheus_host", "exporter_prometheus_port"],
        Otherwise("`localhost`, `9464`"), "where Prometheus scrapes `/metrics`; the port 0 is any that is free"),
    row(&["OTEL_RUST_RUNTIME_METRICS"], &["runtime_metrics"], Value("false"),
        "`true`, with the cargo feature `runtime-metrics`: metrics of the process and of tokio's workers"),
    row(&["OTEL_RUST_DISABLED_INSTRUMENTATIONS"], &["disabled_instrumentations"], Value("none"),
        "[client libraries](clients.md) whose calls have no span and pass no trace context on: a list of `awc`, `reqwest`, `tower`, `sqlx`, `diesel`, `redis`; or `none`"),
    row(&["OTEL_RUST_DB_RETURNED_ROWS"], &["db_returned_rows"], Value("false"),
        "`true`: the number of rows that a query returned, an opt-in attribute of the conventions"),
    row(&["OTEL_RUST_CONSOLE_FORMAT"], &["console_format"], Otherwise("`text` on a terminal, else `json`"),
        "spans on the console: `text`, one line for each request with the spans below it; `json`, one object for each span"),
    row(&["OTEL_RUST_VIEWER_PORT"], &["viewer_port"], Otherwise("4319, or any that is free"),
        "the viewer's port on 127.0.0.1; 0 for any that is free"),
    row(&["OTEL_RUST_VIEWER_MEMORY"], &["viewer_memory"], Value("64"), "what the viewer keeps at most, in MiB; the oldest traces go first"),
    row(&["OTEL_RUST_VIEWER_TOKEN"], &["viewer_token"], Otherwise("a random one"), "the token in the viewer's link"),
    row(&["OTEL_PROPAGATORS"], &["propagators"], Value("tracecontext,baggage"),
        "a list of `tracecontext`, `baggage`, `b3`, `b3multi`, `jaeger`, `xray`; or `none`"),
    row(&["OTEL_TRACES_SAMPLER"], &["traces_sampler"], Value("parentbased_always_on"),
        "which traces are recorded: `always_on`, `always_off`, `traceidratio`, or these after `parentbased_`"),
    row(&["OTEL_TRACES_SAMPLER_ARG"], &["traces_sampler"], Value("1"), "the share of traces for `traceidratio`, from 0 to 1"),
    otlp(&["OTEL_EXPORTER_OTLP_ENDPOINT"], &["exporter_otlp_endpoint"], Value("http://localhost:4318"),
        "the collector; `http://localhost:4317` for gRPC. A signal's own is used as it is, to the general one its path is added"),
    otlp(&["OTEL_EXPORTER_OTLP_PROTOCOL"], &["exporter_otlp_protocol"], Value("http/protobuf"),
        "`http/protobuf`, `http/json`, or, with the cargo feature `otlp-grpc`, `grpc`"),
    otlp(&["OTEL_EXPORTER_OTLP_HEADERS"], &["exporter_otlp_headers"], Otherwise("none"),
        "`name=value,…`, values percent-encoded: a blank is `%20`"),
    otlp(&["OTEL_EXPORTER_OTLP_TIMEOUT"], &["exporter_otlp_timeout"], Value("10000"), "longest time for one export, retries included, in ms"),
    otlp(&["OTEL_EXPORTER_OTLP_COMPRESSION"], &["exporter_otlp_compression"], Value("none"), "`gzip`, `none`"),
    otlp(&["OTEL_EXPORTER_OTLP_CERTIFICATE"], &["exporter_otlp_certificate"], Otherwise("the system's"),
        "trusted authorities: a PEM file"),
    otlp(&["OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY"],
        &["exporter_otlp_client_certificate", "exporter_otlp_client_key"], Otherwise("none"),
        "certificate and key of this client: PEM files"),
    otlp(&["OTEL_EXPORTER_OTLP_INSECURE"], &["exporter_otlp_insecure"], Value("false"),
        "`true`: no TLS for a gRPC endpoint without scheme"),
    row(&["OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"], &["exporter_otlp_metrics_temporality_preference"],
        Value("cumulative"), "`cumulative`, `delta`, `lowmemory`"),
    row(&["OTEL_METRIC_EXPORT_INTERVAL"], &["metric_export_interval"], Otherwise("60000, on the console 10000"),
        "time between two exports of metrics, in ms"),
    row(&["OTEL_METRIC_EXPORT_TIMEOUT"], &["metric_export_timeout"], Otherwise("the exporter's"),
        "longest time for one of them, in ms"),
    row(&["OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION"],
        &["exporter_otlp_metrics_default_histogram_aggregation"], Value("explicit_bucket_histogram"),
        "`explicit_bucket_histogram`, `base2_exponential_bucket_histogram`; for all exporters"),
    row(&["OTEL_METRICS_EXEMPLAR_FILTER"], &[], Value("always_off"),
        "any other value is a warning: the OpenTelemetry SDK for Rust collects no exemplars"),
    row(&["OTEL_BSP_SCHEDULE_DELAY", "OTEL_BLRP_SCHEDULE_DELAY"], &["bsp_schedule_delay", "blrp_schedule_delay"],
        Otherwise("spans 5000, log records 1000, on the console 200"), "longest wait for a batch to fill up, in ms"),
    row(&["OTEL_BSP_EXPORT_TIMEOUT", "OTEL_BLRP_EXPORT_TIMEOUT"], &["bsp_export_timeout", "blrp_export_timeout"],
        Otherwise("the exporter's"), "longest time for one batch, in ms; shutting down may take as long, else 5 s"),
    row(&["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BLRP_MAX_QUEUE_SIZE"], &["bsp_max_queue_size", "blrp_max_queue_size"],
        Value("2048"), "spans, or log records, that may wait; more are dropped, counted and reported"),
    row(&["OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"],
        &["bsp_max_export_batch_size", "blrp_max_export_batch_size"], Value("512"), "most of them in one batch"),
    row(&["OTEL_ATTRIBUTE_COUNT_LIMIT"], &["attribute_count_limit"], Value("128"),
        "most attributes of a span, an event, a link or a log record"),
    row(&["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT"],
        &["span_attribute_count_limit", "event_attribute_count_limit", "link_attribute_count_limit"], Value("128"),
        "the same for one of these"),
    row(&["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
        &["attribute_value_length_limit", "span_attribute_value_length_limit"], Otherwise("no limit"),
        "longest text in an attribute, in characters; and in one of the span itself"),
    row(&["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"], &["logrecord_attribute_count_limit"], Value("128"),
        "most attributes of a log record"),
    row(&["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT"], &["logrecord_attribute_value_length_limit"], Otherwise("no limit"),
        "longest text in an attribute of a log record, in characters"),
    row(&["OTEL_SPAN_EVENT_COUNT_LIMIT", "OTEL_SPAN_LINK_COUNT_LIMIT"], &["span_event_count_limit", "span_link_count_limit"],
        Value("128"), "most events, and links, of a span"),
    row(&["OTEL_SEMCONV_STABILITY_OPT_IN"], &["semconv"], Value("http"),
        "`http`, `http/dup` for stable and older conventions together, `http/old` for the older ones alone"),
    row(&["OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN"], &["exception_signal"], Otherwise("span events"),
        "errors of requests as log records: `logs` instead of the span event, `logs/dup` beside it"),
    row(&["OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"], &["http_known_methods"],
        Value("CONNECT,DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT,TRACE,QUERY"), "replaces the list; others are `_OTHER`"),
    row(&["OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST", "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE"],
        &["http_capture_headers_server_request", "http_capture_headers_server_response"], Otherwise("none"),
        "headers to record: names or regular expressions, any case"),
    row(&["OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_REQUEST_HEADERS", "OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_RESPONSE_HEADERS"],
        &["http_capture_headers_server_request", "http_capture_headers_server_response"], Otherwise("none"),
        "the same in the spelling of Java; both are read"),
    row(&["OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST", "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE",
          "OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_REQUEST_HEADERS", "OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_RESPONSE_HEADERS"],
        &["http_capture_headers_client_request", "http_capture_headers_client_response"], Otherwise("none"),
        "the same for HTTP clients"),
    row(&["OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS"], &["http_capture_headers_sanitize_fields"], Otherwise("none"),
        "recorded headers to hide: names or regular expressions"),
    row(&["OTEL_RUST_HTTP_UNREDACTED_HEADERS"], &["http_unredacted_headers"], Otherwise("none"),
        "`Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie` are hidden unless named here"),
    row(&["OTEL_RUST_EXCLUDED_URLS"], &["excluded_urls"], Otherwise("none"),
        "requests without telemetry, and without any below them: regular expressions that are searched for in the path"),
    row(&["OTEL_RUST_EXCLUDED_ROUTES"], &["excluded_routes"], Otherwise("none"), "the same, by routes as the app writes them"),
    row(&["OTEL_RUST_REDACTED_QUERY_KEYS"], &["redacted_query_keys"], Otherwise("none"),
        "query parameters to redact, besides those of the conventions"),
    row(&["OTEL_RUST_TRUST_FORWARDED_HEADERS"], &["trust_forwarded_headers"], Value("false"),
        "trusted proxies, whose `Forwarded` and `X-Forwarded-*` are used: `true` for every peer, or networks as `10.0.0.0/8`"),
    row(&["OTEL_RUST_TRACE_RESPONSE_HEADER"], &["trace_response_header"], Value("false"),
        "`true`: responses carry their trace in `traceresponse`"),
    row(&["OTEL_RUST_HTTP_BODY_SIZES", "OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS"],
        &["http_body_sizes", "http_synthetic_user_agents"], Value("false"), "`true`: opt-in attributes of the conventions"),
    row(&["OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS"], &["http_exclude_long_lived_durations"], Value("false"),
        "`true`: WebSockets and event streams are left out of the metrics of durations and body sizes"),
];

impl SettingDoc {
    /// The names, those for one signal included.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let signals: &[&str] = if self.per_signal { &["", "TRACES_", "METRICS_", "LOGS_"] } else { &[""] };
        self.variables.iter().flat_map(move |name| {
            signals.iter().map(move |signal| name.replacen("_OTLP_", &format!("_OTLP_{signal}"), 1))
        })
    }

    /// A row of a table in Markdown: variables, default, methods, meaning.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let star = if self.per_signal { " \\*" } else { "" };
        let default = match self.default {
            Value(value) => format!("`{value}`"),
            Otherwise(words) => words.to_owned(),
        };
        format!("| {}{star} | {default} | {} | {} |", code(self.variables), code(self.builder), self.meaning)
    }
}
