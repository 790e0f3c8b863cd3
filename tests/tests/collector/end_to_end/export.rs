//! The output of the decoder, in a form that can be compared.

use serde_json::Value;

use crate::attributes::{Attributes, attributes};

/// The resource of one export, with its scopes and items.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) signal: String,
    pub(crate) transport: String,
    pub(crate) encoding: Option<String>,
    pub(crate) resource: Attributes,
    /// Scope and item: a span, a metric or a log record.
    pub(crate) items: Vec<(Value, Value)>,
}

impl Part {
    /// One line of the decoder's output. The servers of these tests have one resource each.
    pub(crate) fn parse(line: &Value) -> Option<Self> {
        let (signal, resources, scopes, items) = match line["signal"].as_str()? {
            "traces" => ("traces", "resourceSpans", "scopeSpans", "spans"),
            "metrics" => ("metrics", "resourceMetrics", "scopeMetrics", "metrics"),
            "logs" => ("logs", "resourceLogs", "scopeLogs", "logRecords"),
            _ => return None,
        };
        let [resource] = &line["request"][resources].as_array()?[..] else { return None };
        let scopes = resource[scopes].as_array()?.iter();
        let items = scopes.flat_map(|scope| {
            let items = scope[items].as_array().cloned().unwrap_or_default();
            items.into_iter().map(|item| (scope["scope"].clone(), item))
        });
        Some(Self {
            signal: signal.to_owned(),
            transport: line["transport"].as_str()?.to_owned(),
            encoding: line["encoding"].as_str().map(str::to_owned),
            resource: attributes(&resource["resource"]["attributes"]),
            items: items.collect(),
        })
    }
}

/// The exports of one server process.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry {
    pub(crate) spans: Vec<Part>,
    pub(crate) metrics: Vec<Part>,
    pub(crate) logs: Vec<Part>,
}

impl Telemetry {
    /// `None` while a signal is missing.
    pub(crate) fn of(parts: impl Iterator<Item = Part>) -> Option<Self> {
        let mut telemetry = Self { spans: Vec::new(), metrics: Vec::new(), logs: Vec::new() };
        for part in parts {
            match part.signal.as_str() {
                "traces" => telemetry.spans.push(part),
                "metrics" => telemetry.metrics.push(part),
                _ => telemetry.logs.push(part),
            }
        }
        let complete = !(telemetry.spans.is_empty() || telemetry.metrics.is_empty() || telemetry.logs.is_empty());
        complete.then_some(telemetry)
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.spans.iter().chain(&self.metrics).chain(&self.logs)
    }
}
