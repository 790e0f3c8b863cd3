//! The ways to have telemetry that are compared.

mod install;
mod manual;
#[cfg(feature = "others")]
mod others;
mod ours;
mod sdk;
mod with_app;

use std::fmt;
use std::str::FromStr;

pub use install::{Export, Installed};
pub use with_app::AppUser;

/// One of the ways. Each needs a process of its own: providers are one per process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// No telemetry: the base of all comparisons.
    Bare,
    /// OpenTelemetry's API and SDK, by hand.
    Manual(Provider),
    /// `opentelemetry-instrumentation-actix-web`
    Contrib(Signals),
    /// `tracing-actix-web` with `tracing-opentelemetry`
    TracingActixWeb,
    /// `fastrace`, by hand.
    Fastrace,
    /// `#[tracing::instrument]` on the handler, for a registry that exports nothing.
    TracingInstrument,
    /// This project.
    Ours(State),
}

/// The provider behind the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// The SDK, every span recorded.
    Sampled,
    /// The SDK with the sampler `always_off`.
    AlwaysOff,
    /// Nothing.
    Missing,
}

/// The recorded signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signals {
    /// Spans.
    Spans,
    /// Spans and metrics.
    SpansAndMetrics,
}

/// The state of our telemetry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Requests are recorded.
    Sampled(Signals),
    /// It records spans and metrics, and shows them in the viewer (cargo feature `viewer`).
    Viewer,
    /// It records spans and metrics, and observes the process and the workers (cargo feature `viewer`).
    RuntimeMetrics,
    /// No span is sampled, whatever the caller did.
    SampledOut,
    /// `OTEL_SDK_DISABLED`
    Disabled,
    /// `OTEL_RUST_EXCLUDED_URLS` excludes the path.
    Excluded,
}

impl Variant {
    /// Ours, with spans only.
    pub const OURS: Self = Self::Ours(State::Sampled(Signals::Spans));

    /// Ours, with spans and metrics.
    pub const OURS_WITH_METRICS: Self = Self::Ours(State::Sampled(Signals::SpansAndMetrics));

    /// Ours, with the viewer.
    pub const VIEWER: Self = Self::Ours(State::Viewer);

    /// Ours, with metrics of the process and of the workers.
    pub const RUNTIME_METRICS: Self = Self::Ours(State::RuntimeMetrics);

    /// The variant with which times are compared.
    pub const BY_HAND: Self = Self::Manual(Provider::Sampled);

    const EVERY: [Self; 16] = [
        Self::Bare,
        Self::BY_HAND,
        Self::Manual(Provider::Missing),
        Self::Manual(Provider::AlwaysOff),
        Self::Contrib(Signals::Spans),
        Self::Contrib(Signals::SpansAndMetrics),
        Self::TracingActixWeb,
        Self::Fastrace,
        Self::TracingInstrument,
        Self::OURS,
        Self::OURS_WITH_METRICS,
        Self::RUNTIME_METRICS,
        Self::VIEWER,
        Self::Ours(State::SampledOut),
        Self::Ours(State::Disabled),
        Self::Ours(State::Excluded),
    ];

    /// All variants of this build, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::EVERY.into_iter().filter(|variant| variant.is_built())
    }

    /// Returns `true` if it needs the cargo feature `others`.
    #[must_use]
    pub fn is_other(self) -> bool {
        matches!(self, Self::Contrib(_) | Self::TracingActixWeb | Self::Fastrace | Self::TracingInstrument)
    }

    /// Returns `true` if this build has it.
    fn is_built(self) -> bool {
        (cfg!(feature = "others") || !self.is_other())
            && (cfg!(feature = "viewer") || !matches!(self, Self::VIEWER | Self::RUNTIME_METRICS))
    }

    /// Its name on command lines.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.names().0
    }

    /// Its name for readers.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Bare => ("bare", "no telemetry"),
            Self::BY_HAND => ("manual", "by hand, OpenTelemetry API and SDK"),
            Self::Manual(Provider::Missing) => ("manual-no-provider", "by hand, no provider installed"),
            Self::Manual(Provider::AlwaysOff) => ("manual-always-off", "by hand, sampled out"),
            Self::Contrib(Signals::Spans) => ("contrib", "opentelemetry-instrumentation-actix-web"),
            Self::Contrib(Signals::SpansAndMetrics) => ("contrib-metrics", "… with metrics"),
            Self::TracingActixWeb => ("tracing-actix-web", "tracing-actix-web, tracing-opentelemetry"),
            Self::Fastrace => ("fastrace", "fastrace, by hand"),
            Self::TracingInstrument => ("tracing-instrument", "#[tracing::instrument], no HTTP, no export"),
            Self::Ours(State::Sampled(Signals::Spans)) => ("ours", "otel-actix"),
            Self::Ours(State::Sampled(Signals::SpansAndMetrics)) => ("ours-metrics", "otel-actix, metrics"),
            Self::RUNTIME_METRICS => ("ours-runtime-metrics", "otel-actix, metrics, OTEL_RUST_RUNTIME_METRICS"),
            Self::VIEWER => ("ours-viewer", "otel-actix, metrics, viewer"),
            Self::Ours(State::SampledOut) => ("ours-sampled-out", "otel-actix, sampled out"),
            Self::Ours(State::Disabled) => ("ours-disabled", "otel-actix, OTEL_SDK_DISABLED"),
            Self::Ours(State::Excluded) => ("ours-excluded", "otel-actix, excluded URL"),
        }
    }
}

impl fmt::Display for Variant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Variant {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let variant = Self::EVERY.into_iter().find(|variant| variant.name() == name);
        let variant = variant.ok_or_else(|| format!("no variant is called {name:?}"))?;
        if !variant.is_built() {
            return Err(format!("{name} needs `--features {}`", if variant.is_other() { "others" } else { "viewer" }));
        }
        Ok(variant)
    }
}

#[cfg(test)]
mod tests {
    use super::Variant;

    #[test]
    fn names_are_unique_and_understood() {
        for variant in Variant::all() {
            assert_eq!(variant.name().parse(), Ok(variant));
        }
        assert!("nobody".parse::<Variant>().is_err());
    }
}
