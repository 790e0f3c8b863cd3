//! Every method sets its variable, and the table of settings has them all.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::collections::BTreeMap;
use std::time::Duration;

use super::builder;
use crate::config::{
    ClientLibrary, Config, ConsoleFormat, ExporterName, HistogramAggregation, LogLevel, OtlpCompression, OtlpProtocol,
    PropagatorName, ResourceDetectorName, SETTINGS, SamplerChoice, TemporalityPreference,
};
use crate::http::settings::{ExceptionSignal, SemconvMode};

/// The name of a method, and the variables it sets.
macro_rules! calls {
    ($($method:ident($($argument:expr),*)),+ $(,)?) => {
        BTreeMap::from([$((stringify!($method), builder().$method($($argument),*).settings)),+])
    };
}

#[test]
fn every_variable_has_a_method() {
    let second = Duration::from_secs(1);
    let calls = calls![
        service_name("a"),
        resource_attribute("service.name", "a"),
        sdk_disabled(true),
        config_file("a"),
        log_level(LogLevel::Debug),
        resource_detectors([ResourceDetectorName::Host]),
        traces_exporters([ExporterName::Console]),
        metrics_exporters([]),
        logs_exporters([ExporterName::Otlp, ExporterName::Console]),
        propagators([PropagatorName::B3]),
        traces_sampler(SamplerChoice::TraceIdRatio(0.5)),
        exporter_otlp_endpoint("http://a"),
        exporter_otlp_protocol(OtlpProtocol::HttpJson),
        exporter_otlp_headers([("a", "b, c=%")]),
        exporter_otlp_timeout(second),
        exporter_otlp_compression(OtlpCompression::Gzip),
        exporter_otlp_certificate("a"),
        exporter_otlp_client_certificate("a"),
        exporter_otlp_client_key("a"),
        exporter_otlp_insecure(true),
        exporter_otlp_metrics_temporality_preference(TemporalityPreference::Delta),
        metric_export_interval(second),
        metric_export_timeout(Duration::ZERO),
        exporter_otlp_metrics_default_histogram_aggregation(HistogramAggregation::Base2ExponentialBucket),
        bsp_schedule_delay(second),
        blrp_schedule_delay(second),
        bsp_export_timeout(second),
        blrp_export_timeout(second),
        bsp_max_queue_size(600),
        blrp_max_queue_size(600),
        bsp_max_export_batch_size(1),
        blrp_max_export_batch_size(1),
        attribute_count_limit(1),
        span_attribute_count_limit(1),
        event_attribute_count_limit(1),
        link_attribute_count_limit(1),
        attribute_value_length_limit(1),
        logrecord_attribute_count_limit(1),
        logrecord_attribute_value_length_limit(1),
        span_attribute_value_length_limit(1),
        span_event_count_limit(1),
        span_link_count_limit(1),
        semconv(SemconvMode::Dup),
        exception_signal(ExceptionSignal::Both),
        http_known_methods(["GET"]),
        http_capture_headers_server_request(["a"]),
        http_capture_headers_server_response(["a"]),
        http_capture_headers_client_request(["a"]),
        http_capture_headers_client_response(["a"]),
        http_capture_headers_sanitize_fields(["a"]),
        http_unredacted_headers(["a"]),
        excluded_urls(["a"]),
        excluded_routes(["/a"]),
        redacted_query_keys(["a"]),
        trust_forwarded_headers(["10.0.0.0/8"]),
        trace_response_header(true),
        http_body_sizes(true),
        http_synthetic_user_agents(true),
        http_exclude_long_lived_durations(true),
        exporter_prometheus_host("a"),
        exporter_prometheus_port(9465),
        runtime_metrics(true),
        disabled_instrumentations([ClientLibrary::Awc]),
        db_returned_rows(true),
        console_format(ConsoleFormat::Json),
        viewer_port(1),
        viewer_memory(1),
        viewer_token("a"),
    ];
    let mut documented: Vec<_> = SETTINGS.iter().flat_map(|row| row.builder.iter().copied()).collect();
    documented.sort_unstable();
    documented.dedup();
    assert_eq!(documented, calls.keys().copied().collect::<Vec<_>>());

    for row in SETTINGS {
        for (index, variable) in row.variables.iter().enumerate() {
            // A method for several spellings of a variable is listed once; a variable may have no method.
            let Some(method) = row.builder.get(index % row.builder.len().max(1)) else { continue };
            let said = &calls[*method];
            if *method == "resource_attribute" {
                continue;
            }
            assert!(said.contains_key(*variable), "{method} says nothing of {variable}: {said:?}");
            let (config, problems) = Config::from_settings(&|name| said.get(name).cloned());
            assert_eq!(problems, [], "{method}");
            assert!(config != Config::default() || *variable == "OTEL_CONFIG_FILE", "{method} changes nothing");
        }
    }
    let (config, _) = Config::from_settings(&|name| calls["exporter_otlp_headers"].get(name).cloned());
    assert_eq!(config.logs.otlp.headers, [("a".to_owned(), "b, c=%".to_owned())]);
}

#[test]
fn typed_values_stay_what_they_are() {
    use std::path::PathBuf;

    let builder = builder()
        .excluded_urls(["^/a{1,3}$"])
        .excluded_routes(["/x/{id:[0-9]{1,3}}"])
        .redacted_query_keys(["a,b"])
        .exporter_otlp_headers([("x-list", "a, b=c%2C")]);
    let (config, problems) = Config::from_settings(&|name| builder.settings.get(name).cloned());
    assert_eq!(problems, []);
    assert!(config.http.excluded_urls.is_match("/aaa") && !config.http.excluded_urls.is_match("/b"));
    assert_eq!(config.http.excluded_routes, ["/x/{id:[0-9]{1,3}}"]);
    assert!(config.http.redacted_query_keys.iter().any(|key| key == "a,b"));
    assert_eq!(config.traces.otlp.headers, [("x-list".to_owned(), "a, b=c%2C".to_owned())]);

    #[cfg(unix)]
    {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let path = PathBuf::from(OsStr::from_bytes(b"/ca\xff.pem"));
        let builder = super::builder().exporter_otlp_certificate(&path);
        let (config, _) = Config::from_settings(&|name| builder.settings.get(name).cloned());
        assert_eq!(config.metrics.otlp.certificate.map(|file| file.path), Some(path));
    }
}

#[test]
fn headers_that_cannot_be_sent_are_reported_without_their_values() {
    let builder = builder().exporter_otlp_headers([("good", "1"), ("bad name", "s3cret"), ("x-key", "s3\ncret")]);
    let (config, problems) = Config::from_settings(&|name| builder.settings.get(name).cloned());
    assert_eq!(config.logs.otlp.headers, [("good".to_owned(), "1".to_owned())]);
    let shown: Vec<_> = problems.iter().map(|problem| problem.value.as_str()).collect();
    assert_eq!(shown, ["header 2", "x-key=…"]);
}
