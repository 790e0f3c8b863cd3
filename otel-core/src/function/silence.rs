//! Threads whose functions start no spans for a moment: nothing would export them. Functions of programs that never start
//! telemetry, such as unit tests, cost next to nothing then.

use std::cell::Cell;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt as _;

use crate::carry::has_context;
use crate::clock;
use crate::recorder::providers_made;

/// The time until providers are looked at again, in nanoseconds, rounded up to the tick of the coarse clock. A provider
/// that is installed meanwhile is used afterwards. One of ours ends the silence when it is built; a thread that keeps the
/// tracer of another one of ours goes on with that for the rest of its second.
const LASTS: u64 = 1_000_000;

/// The functions that start no spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silent {
    /// All functions.
    All,
    /// Functions outside of any trace. Within a trace, called services have to see the sampling decision.
    Roots,
}

#[derive(Clone, Copy, Debug)]
struct Silence {
    silent: Silent,
    /// By the coarse clock. Zero if there is no silence.
    until: u64,
    /// The number of providers of ours at the start of the silence.
    providers: usize,
}

thread_local! {
    static SILENCE: Cell<Silence> = const { Cell::new(Silence { silent: Silent::All, until: 0, providers: 0 }) };
}

/// Returns `true` if a function that is called now starts no span.
#[inline]
pub(super) fn is_silent() -> bool {
    let silence = SILENCE.get();
    silence.until != 0
        && silence.providers == providers_made()
        && clock::coarse() < silence.until
        && (silence.silent == Silent::All || !has_parent())
}

/// Starts a silence on this thread.
pub(super) fn start(silent: Silent) {
    let until = clock::coarse().saturating_add(LASTS);
    SILENCE.set(Silence { silent, until, providers: providers_made() });
}

fn has_parent() -> bool {
    // The API panics at a thread that ends, which has no context any more.
    has_context() && Context::map_current(Context::has_active_span)
}
