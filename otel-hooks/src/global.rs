//! `opentelemetry::global` for the application: the first call for a tracer or meter starts telemetry, and providers
//! that the application sets are recorded.
#![allow(clippy::must_use_candidate, reason = "as in `opentelemetry`: an application gets no warning that is new")]

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::InstrumentationScope;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Span, Tracer, TracerProvider};

pub use opentelemetry::global::*;

use crate::hooks::start;

static OWN_PROVIDERS: AtomicBool = AtomicBool::new(false);
static OWN_PROPAGATOR: AtomicBool = AtomicBool::new(false);

/// Returns `true` if the application has set a tracer or meter provider.
#[must_use]
pub fn has_own_providers() -> bool {
    OWN_PROVIDERS.load(Ordering::SeqCst)
}

/// Returns `true` if the application has set a propagator.
#[must_use]
pub fn has_own_propagator() -> bool {
    OWN_PROPAGATOR.load(Ordering::SeqCst)
}

/// Sets the global tracer provider. Spans go there from now on, those of requests as well.
pub fn set_tracer_provider<P, T, S>(new_provider: P)
where
    S: Span + Send + Sync + 'static,
    T: Tracer<Span = S> + Send + Sync + 'static,
    P: TracerProvider<Tracer = T> + Send + Sync + 'static,
{
    OWN_PROVIDERS.store(true, Ordering::SeqCst);
    opentelemetry::global::set_tracer_provider(new_provider);
}

/// Sets the global meter provider.
pub fn set_meter_provider<P>(new_provider: P)
where
    P: MeterProvider + Send + Sync + 'static,
{
    OWN_PROVIDERS.store(true, Ordering::SeqCst);
    opentelemetry::global::set_meter_provider(new_provider);
}

/// Sets the global propagator.
pub fn set_text_map_propagator<P: TextMapPropagator + Send + Sync + 'static>(propagator: P) {
    OWN_PROPAGATOR.store(true, Ordering::SeqCst);
    opentelemetry::global::set_text_map_propagator(propagator);
}

/// The global propagator, given to `f`.
pub fn get_text_map_propagator<T, F>(f: F) -> T
where
    F: FnMut(&dyn TextMapPropagator) -> T,
{
    start();
    opentelemetry::global::get_text_map_propagator(f)
}

/// The global tracer provider.
pub fn tracer_provider() -> GlobalTracerProvider {
    start();
    opentelemetry::global::tracer_provider()
}

/// A tracer of the global provider.
pub fn tracer(name: impl Into<Cow<'static, str>>) -> BoxedTracer {
    start();
    opentelemetry::global::tracer(name)
}

/// A tracer of the global provider, for a scope.
pub fn tracer_with_scope(scope: InstrumentationScope) -> BoxedTracer {
    start();
    opentelemetry::global::tracer_with_scope(scope)
}

/// The global meter provider.
pub fn meter_provider() -> Arc<dyn MeterProvider + Send + Sync> {
    start();
    opentelemetry::global::meter_provider()
}

/// A meter of the global provider.
pub fn meter(name: &'static str) -> Meter {
    start();
    opentelemetry::global::meter(name)
}

/// A meter of the global provider, for a scope.
pub fn meter_with_scope(scope: InstrumentationScope) -> Meter {
    start();
    opentelemetry::global::meter_with_scope(scope)
}
