#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::path::Path;

use crate::config::ResourceDetectorName::{Container, Host, Process};
use crate::config::{Config, ExporterName, Problem, PropagatorName, Setting};

mod keys;
mod shapes;
mod unusable;
mod views;

const NAME: &str = "otel.yaml";

/// Reads a file; references know `SHOP` only.
fn read(text: &str) -> (Config, Vec<Problem>) {
    Config::from_yaml(NAME, text, |name| (name == "SHOP").then(|| "shop".to_owned()))
}

/// As [`read`]; the text of the file without its version.
fn of_version_1(text: &str) -> (Config, Vec<Problem>) {
    read(&format!("file_format: '1.0'\n{text}"))
}

/// An empty file has neither exporters nor propagators.
#[test]
fn a_file_says_everything() {
    let (config, problems) = of_version_1("");
    assert_eq!(problems, []);
    assert_eq!((config.traces.exporters, config.metrics.exporters, config.logs.exporters), (vec![], vec![], vec![]));
    assert_eq!(config.propagators, []);
    let rest = Config::default();
    assert_eq!((config.sdk_disabled, config.log_level, config.http), (false, rest.log_level, rest.http));
}

/// The keys and values of the specification's own example to start from.
const EXAMPLE: &str = include_str!("tests/getting_started.yaml");

#[test]
fn the_example_to_start_from() {
    let (config, problems) =
        Config::from_yaml(NAME, EXAMPLE, |name| (name == "OTEL_SERVICE_NAME").then(|| "shop".to_owned()));
    assert_eq!(problems, []);
    assert_eq!(config.resource_detectors, [Host, Process, Container]);
    let expected = Config {
        file: Some(NAME.into()),
        resource_attributes: config.resource_attributes.clone(),
        resource_detectors: config.resource_detectors.clone(),
        ..Config::default()
    };
    assert_eq!(config, expected, "these are the defaults");
    let attributes: Vec<_> = config.resource_attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect();
    assert_eq!(attributes, ["service.name=shop", "team=a"]);
}

/// The same settings in the file and in the environment: the file alone counts, except for the variables that it names.
#[test]
fn the_environment_counts_only_where_the_file_refers_to_it() {
    let file = "file_format: '1.0'\nresource: {attributes: [{name: service.name, value: 'my ${OTEL_SERVICE_NAME}'}]}";
    let (config, problems) = Config::from_yaml(NAME, file, |name| {
        let value = match name {
            "OTEL_SERVICE_NAME" => "shop",
            "OTEL_TRACES_EXPORTER" => "console",
            "OTEL_BSP_MAX_QUEUE_SIZE" => "many",
            "OTEL_PROPAGATORS" => "b3",
            _ => return None,
        };
        Some(value.to_owned())
    });
    assert_eq!((problems, config.service_name), (vec![], None));
    assert_eq!((config.traces.exporters, config.propagators), (vec![], vec![]));
    assert_eq!(config.resource_attributes[0].value.as_str(), "my shop");
}

#[test]
fn what_code_says_wins() {
    use crate::config::layers;
    let file = "
file_format: '1.0'
propagator: {composite: [b3: ]}
tracer_provider:
  processors: [{batch: {max_queue_size: none, exporter: {otlp_http: {endpoint: 'http://file/v1/traces'}}}}]
  limits: {attribute_count_limit: 5}
  sampler: {trace_id_ratio_based: {ratio: 0.5}}
logger_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: 'http://file/v1/logs'}}}}]}
";
    let code = |name: &str| {
        let value = match name {
            "OTEL_CONFIG_FILE" => NAME,
            "OTEL_PROPAGATORS" => "jaeger",
            "OTEL_BSP_MAX_QUEUE_SIZE" => "7",
            "OTEL_EXPORTER_OTLP_ENDPOINT" => "http://code",
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT" => "http://code/logs",
            "OTEL_ATTRIBUTE_COUNT_LIMIT" => "9",
            "OTEL_TRACES_SAMPLER" => "",
            _ => return None,
        };
        Some(Setting::Text(value.to_owned()))
    };
    let (config, problems) = layers::read(&code, &|_| None, &|name| {
        assert_eq!(name, Path::new(NAME));
        Ok(file.to_owned())
    });
    assert_eq!(problems, [], "what is wrong in the file does not matter");
    assert_eq!(config.propagators, [PropagatorName::Jaeger]);
    assert_eq!((config.traces.batch.max_queue_size, config.traces.limits.attributes), (7, 9));
    assert_eq!(config.traces.otlp.endpoint, "http://code/v1/traces");
    assert_eq!(config.logs.otlp.endpoint, "http://code/logs");
    assert_eq!(config.traces.sampler.to_string(), "parentbased_always_on", "unset in code");
    assert_eq!(config.traces.exporters, [ExporterName::Otlp]);
}
