//! The reasons why telemetry may not arrive.

use std::fmt::{self, Write};
use std::time::Duration;

use crate::config::{Problem, SamplerChoice};
use crate::fork;
use crate::plain::PlainWriter;

/// One reason why telemetry may not arrive. Displays as what is wrong and what to do.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// Telemetry was not started.
    NotStarted,
    /// `OTEL_SDK_DISABLED`
    Disabled,
    /// The guard was dropped, or [`shutdown`](crate::startup::shutdown) was called.
    ShutDown,
    /// The process was forked after the start, and its child has no threads that export.
    Forked,
    /// No server is instrumented: no app, no service, no handler.
    NotInstrumented,
    /// A second version of the API crate is in the build.
    SeveralVersions(Vec<OpenTelemetryVersion>),
    /// A global provider or the propagator is not the one that start-up installed.
    Replaced(Global),
    /// A layer is inside other middleware, which it does not see.
    NotOutermost {
        /// The type of the outermost middleware.
        outermost: String,
    },
    /// The sampler records no new trace, only traces that the caller samples.
    NothingSampled(SamplerChoice),
    /// `OTEL_TRACES_EXPORTER=none`, or none of the exporters could be built.
    NoSpanExporter,
    /// The last export to this destination failed.
    ExportFailing {
        /// Endpoint of a collector, or the console.
        destination: String,
        /// What went wrong.
        reason: String,
    },
    /// Queued items were not exported within this time.
    ExportSlow {
        /// The time for which the export was awaited.
        waited: Duration,
    },
    /// Items that never arrived. There may be more.
    Lost {
        /// `spans`, `log records` or `exports of metrics`
        items: &'static str,
        /// Their number since the start.
        count: u64,
        /// Endpoint of the collector, or the console.
        destination: String,
        /// The variable with the size of the queue that was full; `None` if exports failed.
        queue: Option<&'static str>,
    },
    /// A setting that was not understood.
    Setting(Problem),
}

/// A version of the API crate in the build.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenTelemetryVersion {
    /// Such as `0.33.1`.
    pub version: String,
    /// Names and versions of the crates that use it.
    pub used_by: String,
}

impl OpenTelemetryVersion {
    /// A version, and the crates that use it.
    pub fn new(version: impl Into<String>, used_by: impl Into<String>) -> Self {
        Self { version: version.into(), used_by: used_by.into() }
    }
}

/// The globals of the OpenTelemetry API: one of each per process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Global {
    /// Set with `opentelemetry::global::set_tracer_provider`.
    TracerProvider,
    /// Set with `opentelemetry::global::set_meter_provider`.
    MeterProvider,
    /// Set with `opentelemetry::global::set_text_map_propagator`.
    Propagator,
}

impl fmt::Display for Finding {
    /// Writes one line: control characters in values are escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&mut PlainWriter(f))
    }
}

impl Finding {
    fn write(&self, f: &mut impl Write) -> fmt::Result {
        match self {
            Self::NotStarted => f.write_str(
                "telemetry was not started: put `#[auto_instrument]` on `main`, or begin it with \
                 `let _telemetry = otel_actix::init();`",
            ),
            Self::Disabled => f.write_str("OTEL_SDK_DISABLED=true: unset it to have telemetry"),
            Self::ShutDown => f.write_str(
                "telemetry was shut down: keep the guard that `init()` returns until the program ends; \
                 `let _ = init()` drops it at once, `let _telemetry = init()` does not",
            ),
            Self::Forked => f.write_str(fork::REASON),
            Self::NotInstrumented => f.write_str(
                "no server is instrumented: put `#[auto_instrument]` on the function that calls `HttpServer::new(..)`, or \
                 add `.wrap(HttpTelemetry::new())` to the app as its last layer; a program without a server needs neither",
            ),
            Self::SeveralVersions(versions) => several_versions(f, versions),
            Self::Replaced(global) => write!(
                f,
                "the global {global} was replaced after the start, and its telemetry does not reach our exporters: \
                 remove the call of `{}`, or, if it is on purpose, switch ours off ({})",
                global.setter(),
                global.variable(),
            ),
            Self::NotOutermost { outermost } => write!(
                f,
                "`HttpTelemetry` is not the outermost layer, `{outermost}` is: requests that middleware outside of it \
                 answers have no span, and its changes to a response are not seen; register it last, or put \
                 `#[auto_instrument]` on the function that calls `HttpServer::new(..)`",
            ),
            Self::NothingSampled(sampler) => {
                write!(f, "the sampler {sampler} records no new trace: set OTEL_TRACES_SAMPLER=parentbased_always_on")
            }
            Self::NoSpanExporter => {
                f.write_str("spans are not exported anywhere: set OTEL_TRACES_EXPORTER=otlp or console")
            }
            Self::ExportFailing { destination, reason } => write!(
                f,
                "export to {destination} fails: {reason}; OTEL_EXPORTER_OTLP_ENDPOINT names the collector, and \
                 OTEL_TRACES_EXPORTER=console shows spans without one",
            ),
            Self::ExportSlow { waited } => write!(
                f,
                "the queued telemetry was not exported within {waited:?}: is the collector there, and does it answer? see \
                 OTEL_EXPORTER_OTLP_ENDPOINT",
            ),
            Self::Lost { items, count, destination, queue: Some(queue) } => {
                write!(f, "{items} lost on the way to {destination}: {count}; the queue was full: raise {queue}")
            }
            Self::Lost { items, count, destination, queue: None } => {
                write!(f, "{items} lost because exports to {destination} failed: {count}")
            }
            Self::Setting(problem) => write!(f, "{problem}"),
        }
    }
}

fn several_versions(f: &mut impl Write, versions: &[OpenTelemetryVersion]) -> fmt::Result {
    f.write_str("the build has more than one version of `opentelemetry`, and only telemetry of the version of `otel-core` is exported:")?;
    for (index, OpenTelemetryVersion { version, used_by }) in versions.iter().enumerate() {
        write!(f, "{} {version} ({used_by})", if index == 0 { "" } else { "," })?;
    }
    f.write_str(
        "; use the API as `otel_actix::opentelemetry`, and libraries that use the version of `otel-core`. Versions that \
         only tests use do no harm",
    )
}

impl Global {
    fn setter(self) -> &'static str {
        match self {
            Self::TracerProvider => "opentelemetry::global::set_tracer_provider",
            Self::MeterProvider => "opentelemetry::global::set_meter_provider",
            Self::Propagator => "opentelemetry::global::set_text_map_propagator",
        }
    }

    /// The setting that turns ours off, so that the application's global stays.
    fn variable(self) -> &'static str {
        match self {
            Self::TracerProvider => "OTEL_TRACES_EXPORTER=none",
            Self::MeterProvider => "OTEL_METRICS_EXPORTER=none",
            Self::Propagator => "OTEL_PROPAGATORS=none",
        }
    }
}

impl fmt::Display for Global {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TracerProvider => "tracer provider",
            Self::MeterProvider => "meter provider",
            Self::Propagator => "propagator",
        })
    }
}
