//! Exporters: `otlp_http`, `otlp_grpc`, `console`.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::node::LocatedNode;
use super::reader::Reader;
use super::section::{Section, Zero};
use crate::config::http::is_token;

/// The signals by the names they have in variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SectionSignal {
    Traces,
    Metrics,
    Logs,
}

impl SectionSignal {
    fn name(self) -> &'static str {
        match self {
            Self::Traces => "TRACES",
            Self::Metrics => "METRICS",
            Self::Logs => "LOGS",
        }
    }

    fn variable(self, setting: &str) -> String {
        format!("OTEL_EXPORTER_OTLP_{}_{setting}", self.name())
    }
}

/// The exporters of one signal: one of each kind at most, as there is one set of variables for each signal.
#[derive(Debug)]
pub(super) struct Exporters {
    signal: SectionSignal,
    otlp: Option<String>,
    console: Option<String>,
}

/// The kind of an exporter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exporter {
    Otlp,
    Console,
}

impl Exporters {
    pub(super) fn new(signal: SectionSignal) -> Self {
        Self { signal, otlp: None, console: None }
    }

    /// Reads the exporter of `component`, a processor or a reader. `None` if it cannot be used.
    pub(super) fn read(&mut self, reader: &mut Reader<'_>, component: &mut Section<'_>) -> Option<Exporter> {
        let Some(place) = component.get("exporter") else {
            reader.report(&component.place, "", "an exporter is missing", "nothing of it");
            return None;
        };
        let (kind, place) = reader.choice(&place)?;
        let exporter = match kind {
            "otlp_http" | "otlp_grpc" => Exporter::Otlp,
            "console" => Exporter::Console,
            _ => {
                reader.report(&place, "", "expected one of otlp_http, otlp_grpc, console", "the other exporters");
                return None;
            }
        };
        let first = match exporter {
            Exporter::Otlp => &mut self.otlp,
            Exporter::Console => &mut self.console,
        };
        if let Some(first) = first {
            let reason = "a signal has one exporter of each kind";
            reader.report(&place, "", reason, first);
            return None;
        }
        *first = Some(place.path.clone());
        match kind {
            "otlp_http" => self.otlp(reader, &place, false),
            "otlp_grpc" => self.otlp(reader, &place, true),
            _ => self.console(reader, &place),
        }
        Some(exporter)
    }

    /// Sets the list of exporters. `place` is the provider's.
    pub(super) fn end(&self, reader: &mut Reader<'_>, place: &LocatedNode<'_>) {
        let names = match (&self.console, &self.otlp) {
            (Some(_), Some(_)) => "console,otlp",
            (Some(_), None) => "console",
            (None, Some(_)) => "otlp",
            (None, None) => "none",
        };
        reader.set_text(format!("OTEL_{}_EXPORTER", self.signal.name()), names, place);
    }

    fn console(&self, reader: &mut Reader<'_>, place: &LocatedNode<'_>) {
        let mut section = reader.component(place);
        if self.signal == SectionSignal::Metrics {
            section.unsupported(reader, "temporality_preference", &["cumulative"]);
            section.unsupported(reader, "default_histogram_aggregation", &["explicit_bucket_histogram"]);
        }
        section.end(reader);
    }

    fn otlp(&self, reader: &mut Reader<'_>, place: &LocatedNode<'_>, grpc: bool) {
        let variable = |setting| self.signal.variable(setting);
        let mut section = reader.component(place);
        section.text(reader, "endpoint", &variable("ENDPOINT"));
        self.headers(reader, &mut section);
        section.text(reader, "compression", &variable("COMPRESSION"));
        // Zero means no limit. The variable cannot express that: its longest time comes closest.
        section.time(reader, "timeout", &variable("TIMEOUT"), Zero::Is("4294967295"));
        if grpc {
            reader.set_text(variable("PROTOCOL"), "grpc", place);
        } else {
            let encodings = [("protobuf", "http/protobuf"), ("json", "http/json")];
            let encoding = section.one_of(reader, "encoding", &encodings).unwrap_or("http/protobuf");
            reader.set_text(variable("PROTOCOL"), encoding, place);
        }
        if let Some(mut tls) = section.get("tls").and_then(|place| reader.section(&place)) {
            tls.text(reader, "ca_file", &variable("CERTIFICATE"));
            tls.text(reader, "key_file", &variable("CLIENT_KEY"));
            tls.text(reader, "cert_file", &variable("CLIENT_CERTIFICATE"));
            if grpc {
                tls.value(reader, "insecure", &variable("INSECURE"));
            }
            tls.end(reader);
        }
        if self.signal == SectionSignal::Metrics {
            metrics_only(reader, &mut section);
        }
        section.unsupported(reader, "max_request_size", &["67108864"]);
        section.unsupported(reader, "max_response_size", &["4194304"]);
        // The names of 0.4 and of the first candidates of 1.0.
        section.former_text(reader, "certificate_file", &variable("CERTIFICATE"));
        section.former_text(reader, "client_key_file", &variable("CLIENT_KEY"));
        section.former_text(reader, "client_certificate_file", &variable("CLIENT_CERTIFICATE"));
        section.former_text(reader, "insecure", &variable("INSECURE"));
        section.end(reader);
    }

    /// Reads `headers_list` and `headers`, which win. Problems never show values.
    fn headers(&self, reader: &mut Reader<'_>, section: &mut Section<'_>) {
        let list = section.get("headers_list");
        let pairs = section.get("headers");
        let mut members = Vec::new();
        if let Some(text) = list.as_ref().and_then(|list| reader.text(list)) {
            members.push(text.to_owned());
        }
        for item in pairs.as_ref().map(|pairs| reader.items(pairs)).unwrap_or_default() {
            let Some(mut pair) = reader.section(&item) else { continue };
            let name = pair.get("name").and_then(|place| reader.text(&place));
            let value = pair.get("value").and_then(|place| reader.text(&place));
            pair.end(reader);
            match (name, value) {
                (Some(name), Some(value)) if is_token(name) => {
                    members.push(format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
                }
                (Some(name), None) if is_token(name) => {}
                _ => reader.report(&item, "", "expected the name of a header and its value", "the other headers"),
            }
        }
        if let Some(place) = pairs.or(list) {
            reader.set_text(self.signal.variable("HEADERS"), members.join(","), &place);
        }
    }
}

fn metrics_only(reader: &mut Reader<'_>, section: &mut Section<'_>) {
    let preferences = [("cumulative", "cumulative"), ("delta", "delta"), ("low_memory", "lowmemory")];
    let place = section.place.clone();
    if let Some(preference) = section.one_of(reader, "temporality_preference", &preferences) {
        reader.set_text("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", preference, &place);
    }
    let aggregation = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
    section.text(reader, "default_histogram_aggregation", aggregation);
}
