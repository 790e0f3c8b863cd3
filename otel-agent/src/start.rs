//! The start and the end of telemetry.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use otel_core::startup::{self, TelemetryGuard};

use otel_hooks::global;

/// Keeps telemetry running until the process exits. Statics are never dropped.
static GUARD: OnceLock<TelemetryGuard> = OnceLock::new();

/// Starts telemetry from the environment, once. It ends with the process: after a return from `main`, and in
/// [`std::process::exit`].
///
/// Providers and propagators that the application has set stay in place, and nothing is exported beside them.
pub fn start() {
    static STARTED: AtomicBool = AtomicBool::new(false);
    // Not a `Once`: start-up waits for other threads, and the application's logger may call this function on one of them.
    // Every outgoing call comes here: a load does not take the flag away from other processors, a `swap` would.
    if STARTED.load(Ordering::Relaxed) || STARTED.swap(true, Ordering::SeqCst) {
        return;
    }
    let mut builder = startup::builder();
    if global::has_own_providers() {
        builder = builder.keep_providers();
    }
    if global::has_own_propagator() {
        builder = builder.keep_propagator();
    }
    if GUARD.set(builder.init()).is_ok() {
        flush_at_exit();
    }
}

/// Shuts telemetry down when the process exits.
fn flush_at_exit() {
    #[expect(unsafe_code, reason = "the standard library has no hook that runs in `std::process::exit`")]
    // SAFETY: this is the function's signature in C, <https://en.cppreference.com/w/c/program/atexit>.
    unsafe extern "C" {
        safe fn atexit(hook: extern "C" fn()) -> i32;
    }
    // Fails only if memory is used up. Then the last spans are lost.
    let _ = atexit(shut_down);
}

extern "C" fn shut_down() {
    // On a thread of its own: the thread-locals of this one may be gone.
    if let Ok(thread) = thread::Builder::new().spawn(startup::shutdown) {
        let _ = thread.join();
    }
}
