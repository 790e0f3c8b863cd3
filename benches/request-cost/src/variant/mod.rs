//! The ways to have telemetry that are compared.

mod manual;
mod ours;
mod sdk;

use std::fmt;
use std::str::FromStr;

use opentelemetry_sdk::trace::Sampler;
use otel_actix::{HttpTelemetry, TelemetryGuard};

use crate::app::{Shape, app};
use crate::serve::Serve;
pub use ours::State;

/// One of the ways. Each needs a process of its own: providers are one per process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// No telemetry: what everything is compared with.
    Bare,
    /// OpenTelemetry's API and SDK, by hand.
    Manual(Provider),
    /// This project.
    Ours(State),
}

/// What the API is connected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The SDK, every span recorded.
    Sampled,
    /// The SDK with the sampler `always_off`.
    AlwaysOff,
    /// Nothing.
    Missing,
}

impl Variant {
    /// All that this build has, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Bare,
        Self::Manual(Provider::Sampled),
        Self::Manual(Provider::Missing),
        Self::Manual(Provider::AlwaysOff),
        Self::Ours(State::Spans),
        Self::Ours(State::SpansAndMetrics),
        Self::Ours(State::SampledOut),
        Self::Ours(State::Disabled),
        Self::Ours(State::Excluded),
    ];

    /// Its name on command lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Manual(Provider::Sampled) => "manual",
            Self::Manual(Provider::Missing) => "manual-no-provider",
            Self::Manual(Provider::AlwaysOff) => "manual-always-off",
            Self::Ours(State::Spans) => "ours",
            Self::Ours(State::SpansAndMetrics) => "ours-metrics",
            Self::Ours(State::SampledOut) => "ours-sampled-out",
            Self::Ours(State::Disabled) => "ours-disabled",
            Self::Ours(State::Excluded) => "ours-excluded",
        }
    }

    /// Its name for readers.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Bare => "no telemetry",
            Self::Manual(Provider::Sampled) => "by hand, OpenTelemetry API and SDK",
            Self::Manual(Provider::Missing) => "by hand, no provider installed",
            Self::Manual(Provider::AlwaysOff) => "by hand, sampled out",
            Self::Ours(State::Spans) => "otel-actix, spans",
            Self::Ours(State::SpansAndMetrics) => "otel-actix, spans and metrics",
            Self::Ours(State::SampledOut) => "otel-actix, sampled out",
            Self::Ours(State::Disabled) => "otel-actix, OTEL_SDK_DISABLED",
            Self::Ours(State::Excluded) => "otel-actix, excluded URL",
        }
    }

    /// Starts the application with this telemetry. The telemetry ends with what is returned.
    pub async fn start(self, shape: Shape) -> Running {
        let mut guard = None;
        let serve = match self {
            Self::Bare => Serve::start(app(shape)).await,
            Self::Manual(provider) => {
                sdk::install_propagator();
                match provider {
                    Provider::Sampled => {
                        sdk::install_tracer_provider(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
                    }
                    Provider::AlwaysOff => sdk::install_tracer_provider(Sampler::AlwaysOff),
                    Provider::Missing => {}
                }
                Serve::start(app(shape).wrap_fn(|request, service| manual::server_span(request, service))).await
            }
            Self::Ours(state) => {
                guard = Some(ours::start(state));
                // What `#[auto_instrument]` makes of the argument of `HttpServer::new`.
                Serve::start(app(shape).wrap(HttpTelemetry::new().wrapping_bodies())).await
            }
        };
        Running { serve, _guard: guard }
    }
}

/// An application with its telemetry.
#[derive(Debug)]
pub struct Running {
    /// The application.
    pub serve: Serve,
    _guard: Option<TelemetryGuard>,
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|variant| variant.name() == name);
        found.copied().ok_or_else(|| format!("no variant {name:?} in this build"))
    }
}
