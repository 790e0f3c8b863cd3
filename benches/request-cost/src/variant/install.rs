//! The global part of a variant: providers, propagators, subscribers.

use std::error::Error;
use std::fmt;
use std::rc::Rc;

use opentelemetry_sdk::trace::Sampler;
use otel_actix::TelemetryGuard;

#[cfg(feature = "others")]
use super::others;
use super::{Provider, Signals, Variant, ours, sdk};

/// The destination of spans and metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// Exporters that accept everything and do nothing.
    Nowhere,
    /// `OTEL_EXPORTER_OTLP_ENDPOINT`, as OTLP over HTTP, in protobuf.
    Otlp,
}

/// Installed telemetry. When it is dropped, it exports the rest.
#[must_use]
pub struct Installed {
    finish: Vec<Box<dyn FnOnce()>>,
    settle: Vec<Box<dyn Fn()>>,
}

impl Installed {
    /// No telemetry.
    pub fn nothing() -> Self {
        Self { finish: Vec::new(), settle: Vec::new() }
    }

    /// Adds a function to call at the end.
    pub(super) fn finish(mut self, finish: impl FnOnce() + 'static) -> Self {
        self.finish.push(Box::new(finish));
        self
    }

    /// Sets the function that exports everything that waits; it may be called at any time.
    pub(super) fn settles(mut self, settle: impl Fn() + 'static) -> Self {
        self.settle.push(Box::new(settle));
        self
    }

    /// Waits until everything that waits is exported.
    pub fn settle(&self) {
        self.settle.iter().for_each(|settle| settle());
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        self.settle.clear();
        self.finish.drain(..).for_each(|finish| finish());
    }
}

impl From<TelemetryGuard> for Installed {
    fn from(guard: TelemetryGuard) -> Self {
        let guard = Rc::new(guard);
        let kept = Rc::clone(&guard);
        // An export that does not end within the deadline is reported.
        Self::nothing().settles(move || _ = kept.force_flush()).finish(move || drop(guard))
    }
}

impl Variant {
    /// Installs the telemetry. Not in an async runtime: exporters may have one of their own.
    ///
    /// # Errors
    ///
    /// If an exporter cannot be built, or this build lacks the variant.
    pub fn install(self, export: Export) -> Result<Installed, Box<dyn Error>> {
        let parent_based = || Sampler::ParentBased(Box::new(Sampler::AlwaysOn));
        match self {
            Self::Bare => Ok(Installed::nothing()),
            Self::Manual(provider) => {
                sdk::install_propagator();
                let nothing = Installed::nothing();
                match provider {
                    Provider::Sampled => sdk::install_tracer_provider(nothing, parent_based(), export),
                    Provider::AlwaysOff => sdk::install_tracer_provider(nothing, Sampler::AlwaysOff, export),
                    Provider::Missing => Ok(nothing),
                }
            }
            Self::Contrib(signals) => {
                sdk::install_propagator();
                let installed = sdk::install_tracer_provider(Installed::nothing(), parent_based(), export)?;
                match signals {
                    Signals::Spans => Ok(installed),
                    Signals::SpansAndMetrics => sdk::install_meter_provider(installed, export),
                }
            }
            Self::Ours(state) => Ok(ours::install(state, export)),
            #[cfg(feature = "others")]
            Self::TracingActixWeb => others::tracing_actix_web::install(export),
            #[cfg(feature = "others")]
            Self::Fastrace => others::fastrace::install(export),
            #[cfg(feature = "others")]
            Self::TracingInstrument => others::tracing_instrument::install(),
            #[cfg(not(feature = "others"))]
            Self::TracingActixWeb | Self::Fastrace | Self::TracingInstrument => Err("needs `--features others`".into()),
        }
    }
}

impl fmt::Debug for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Installed").finish_non_exhaustive()
    }
}
