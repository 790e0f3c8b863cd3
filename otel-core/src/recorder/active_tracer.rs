//! Our provider and tracers behind the API's global.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use opentelemetry::{InstrumentationScope, global};

use super::provider_core::{ProviderCore, TracerCore};
use super::tracer::Tracer;
use crate::{fork, global_probe};

thread_local! {
    static ANSWER: Cell<Option<Arc<ProviderCore>>> = const { Cell::new(None) };
}

static PROVIDERS_MADE: AtomicUsize = AtomicUsize::new(0);

/// Counts a provider of ours: the new one may become the global one.
pub(super) fn count_provider() {
    PROVIDERS_MADE.fetch_add(1, Ordering::Relaxed);
}

/// The number of providers of ours that this process has made.
#[inline]
pub(crate) fn providers_made() -> usize {
    PROVIDERS_MADE.load(Ordering::Relaxed)
}

/// Answers a probe. Our provider calls this for each tracer that it makes.
pub(super) fn answer(scope: &InstrumentationScope, provider: &Arc<ProviderCore>) {
    global_probe::answer(&ANSWER, scope, || Arc::clone(provider));
}

/// The global provider. `None` if it is not one of ours.
pub(crate) fn global_provider() -> Option<Arc<ProviderCore>> {
    global_probe::ask(&ANSWER, |scope| drop(global::tracer_with_scope(scope)))
}

/// A tracer of the global provider, for `scope`. `known` is returned if it is of that provider. `None` if the provider
/// is not ours or has shut down: then the API has to be used.
pub(crate) fn active_tracer(known: Option<&Tracer>, scope: impl FnOnce() -> InstrumentationScope) -> Option<Tracer> {
    let provider = global_provider()?;
    if fork::is_child() {
        provider.shut_down_in_child();
    }
    if provider.is_shut_down() {
        return None;
    }
    Some(match known {
        Some(known) if Arc::ptr_eq(&known.core.provider, &provider) => known.clone(),
        _ => Tracer { core: Arc::new(TracerCore { scope: Arc::new(scope()), provider }) },
    })
}
