//! `OTEL_EXPORTER_OTLP_*`: the collector and the protocol
//! ([specification](https://opentelemetry.io/docs/specs/otel/protocol/exporter/)).
//!
//! Each setting exists once for all signals and once per signal; the signal's own wins.

use std::path::PathBuf;
use std::time::Duration;

use super::choice::choice;
use super::printable;
use super::problem::Problem;
use super::source::Source;
use endpoint::{Endpoint, EndpointKind};

mod endpoint;
mod headers;

/// How OTLP is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtlpProtocol {
    /// `grpc`
    Grpc,
    /// `http/protobuf`, the default.
    #[default]
    HttpProtobuf,
    /// `http/json`
    HttpJson,
}

choice!(OtlpProtocol {
    "grpc" => Self::Grpc,
    "http/protobuf" => Self::HttpProtobuf,
    "http/json" => Self::HttpJson,
});

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OtlpCompression {
    /// `none`, the default.
    #[default]
    None,
    /// `gzip`
    Gzip,
}

choice!(OtlpCompression { "none" => Self::None, "gzip" => Self::Gzip });

/// A file, and the variable that names it. It is read when the exporter is built.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfiguredFile {
    /// The file.
    pub path: PathBuf,
    /// The variable.
    pub variable: String,
}

/// Settings of one signal's OTLP exporter.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtlpSettings {
    /// The URL that is sent to, with its path and without user info, which is among the headers.
    pub endpoint: String,
    /// `…_PROTOCOL`
    pub protocol: OtlpProtocol,
    /// `…_HEADERS`, percent-decoded. Often secret: never printed.
    pub headers: Vec<(String, String)>,
    /// `…_COMPRESSION`
    pub compression: OtlpCompression,
    /// `…_TIMEOUT`: longest time for one batch, retries included.
    pub timeout: Duration,
    /// `…_CERTIFICATE`: PEM file of the authorities that are trusted, instead of the system's.
    pub certificate: Option<ConfiguredFile>,
    /// `…_CLIENT_KEY`: PEM file of the client's private key.
    pub client_key: Option<ConfiguredFile>,
    /// `…_CLIENT_CERTIFICATE`: PEM file of the client's certificate chain.
    pub client_certificate: Option<ConfiguredFile>,
    /// `…_INSECURE`: no TLS for a `grpc` endpoint without scheme.
    pub insecure: bool,
}

impl OtlpSettings {
    /// The endpoint for logs: without its path and query, which may be secret.
    #[must_use]
    pub fn shown_endpoint(&self) -> String {
        printable::url(&self.endpoint)
    }

    /// Returns `true` if this build cannot reach the endpoint, which is a [`Problem`] of its variable already.
    #[cfg(feature = "_otlp")]
    pub(crate) fn is_unreachable(&self) -> bool {
        self.endpoint.parse().is_ok_and(|uri| endpoint::is_unreachable(&uri))
    }

    /// Returns `true` if the endpoint is reached by TLS.
    #[cfg(all(feature = "_tls", feature = "otlp-grpc"))]
    pub(crate) fn is_encrypted(&self) -> bool {
        self.endpoint.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"))
    }

    /// The endpoint without its path: the collector that signals may share.
    #[cfg(feature = "_otlp")]
    pub(crate) fn origin(&self) -> String {
        endpoint::origin(&self.endpoint)
    }

    /// The settings of the signal called `signal`, which an OTLP/HTTP collector expects under `path`.
    pub(super) fn read(source: &mut Source<'_>, signal: &str, path: &str, general: &Self) -> Self {
        let own = general.clone().overridden(source, &format!("OTEL_EXPORTER_OTLP_{signal}_"));
        let grpc = own.protocol == OtlpProtocol::Grpc;
        let kind = match grpc {
            true if own.insecure => EndpointKind::GrpcInsecure,
            true => EndpointKind::Grpc,
            false => EndpointKind::Http,
        };
        let default = Endpoint::new(if grpc { "http://localhost:4317" } else { "http://localhost:4318" });
        let base = endpoint::read(source, "OTEL_EXPORTER_OTLP_ENDPOINT", &default, kind);
        // Only the general endpoint gets a path, and only for HTTP; a signal's own endpoint is used as it is.
        let fallback = if grpc { base } else { base.join(path) };
        let variable = format!("OTEL_EXPORTER_OTLP_{signal}_ENDPOINT");
        let Endpoint { url, authorization } = endpoint::read(source, &variable, &fallback, kind);
        let mut headers = own.headers;
        // A header that is set by its own variable wins.
        if let Some(authorization) = authorization
            && headers.iter().all(|(name, _)| name != "authorization")
        {
            headers.push(("authorization".to_owned(), authorization));
        }
        Self { endpoint: url, headers, ..own }
    }

    /// The settings that all signals share. The endpoint is left empty: it depends on the signal's protocol.
    pub(super) fn read_general(source: &mut Source<'_>) -> Self {
        let defaults = Self {
            endpoint: String::new(),
            protocol: default_protocol(),
            headers: Vec::new(),
            compression: OtlpCompression::default(),
            timeout: Duration::from_secs(10),
            certificate: None,
            client_key: None,
            client_certificate: None,
            insecure: false,
        };
        defaults.overridden(source, "OTEL_EXPORTER_OTLP_")
    }

    /// These settings, changed by the variables that start with `prefix`. The endpoint is left alone.
    fn overridden(self, source: &mut Source<'_>, prefix: &str) -> Self {
        let path = |source: &Source<'_>, name| {
            let variable = format!("{prefix}{name}");
            source.setting(&variable)?.into_path().map(|path| ConfiguredFile { path, variable })
        };
        let insecure = format!("{prefix}INSECURE");
        Self {
            endpoint: self.endpoint,
            protocol: protocol(source, &format!("{prefix}PROTOCOL"), self.protocol),
            headers: headers::read(source, &format!("{prefix}HEADERS")).unwrap_or(self.headers),
            compression: source.choice(&format!("{prefix}COMPRESSION"), self.compression),
            timeout: source.millis(&format!("{prefix}TIMEOUT"), self.timeout),
            certificate: path(source, "CERTIFICATE").or(self.certificate),
            client_key: path(source, "CLIENT_KEY").or(self.client_key),
            client_certificate: path(source, "CLIENT_CERTIFICATE").or(self.client_certificate),
            insecure: if source.text(&insecure).is_some() { source.boolean(&insecure) } else { self.insecure },
        }
    }
}

impl std::fmt::Debug for OtlpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtlpSettings")
            .field("endpoint", &self.shown_endpoint())
            .field("protocol", &self.protocol)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("compression", &self.compression)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// `http/protobuf`, as the specification recommends, unless this build speaks gRPC only.
fn default_protocol() -> OtlpProtocol {
    if cfg!(all(feature = "otlp-grpc", not(feature = "otlp-http"))) {
        OtlpProtocol::Grpc
    } else {
        OtlpProtocol::HttpProtobuf
    }
}

/// A protocol that this build can speak.
fn protocol(source: &mut Source<'_>, variable: &str, fallback: OtlpProtocol) -> OtlpProtocol {
    let chosen = source.choice(variable, fallback);
    let (feature, available) = match chosen {
        OtlpProtocol::Grpc => ("otlp-grpc", cfg!(feature = "otlp-grpc")),
        OtlpProtocol::HttpProtobuf | OtlpProtocol::HttpJson => ("otlp-http", cfg!(feature = "otlp-http")),
    };
    // Without either feature the exporter itself is reported.
    if available || cfg!(not(feature = "_otlp")) {
        return chosen;
    }
    let reason = format!("this build does not speak it, its cargo feature `{feature}` is off");
    source.report(Problem::new(variable, chosen.to_string(), reason, fallback));
    fallback
}
