//! The telemetry of this process while it runs, for [`shutdown`] and [`exit`] anywhere in the program.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::pipeline::Pipeline;
use crate::fork;

static STATE: Mutex<TelemetryState> = Mutex::new(TelemetryState::Off);
static ENDED: Condvar = Condvar::new();

/// How long shutting down may take beyond its deadline, to report losses.
const MARGIN: Duration = Duration::from_secs(1);

#[derive(Debug)]
enum TelemetryState {
    /// Not started, or ended.
    Off,
    On(RunningTelemetry),
    /// A thread shuts it down until this time. `None` stands for a time beyond the range of the clock.
    Ending(Option<Instant>),
}

/// Running telemetry, and the time that its shutdown may take.
#[derive(Clone, Debug)]
pub(crate) struct RunningTelemetry {
    pub(crate) pipeline: Pipeline,
    pub(crate) deadline: Duration,
}

impl RunningTelemetry {
    /// Makes it the telemetry of this process.
    pub(crate) fn install(self) {
        *lock() = TelemetryState::On(self);
    }

    /// `None` before the start and from shutdown on.
    pub(crate) fn current() -> Option<Self> {
        match &*lock() {
            TelemetryState::On(running) => Some(running.clone()),
            TelemetryState::Off | TelemetryState::Ending(_) => None,
        }
    }
}

/// Exports all queued telemetry and shuts down, from anywhere in the program, as dropping the
/// [guard](super::TelemetryGuard) does. Before the start, and after the first call, it does nothing.
///
/// Returns within the guard's deadline. While another thread shuts telemetry down, it waits for that thread.
pub fn shutdown() {
    let mut state = lock();
    if fork::is_child() {
        // A child process has none of the threads to wait for, and dropping the providers would wait for them, too.
        if let TelemetryState::On(running) = std::mem::replace(&mut *state, TelemetryState::Off) {
            std::mem::forget(running);
        }
        return;
    }
    match &*state {
        TelemetryState::Off => {}
        TelemetryState::Ending(until) => {
            let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
            let ending = |state: &mut TelemetryState| matches!(state, TelemetryState::Ending(_));
            drop(ENDED.wait_timeout_while(state, left, ending));
        }
        TelemetryState::On(running) => {
            let RunningTelemetry { pipeline, deadline } = running.clone();
            *state = TelemetryState::Ending(Instant::now().checked_add(deadline.saturating_add(MARGIN)));
            drop(state);
            let _ended = Ended;
            pipeline.shut_down(deadline);
        }
    }
}

/// Exports all queued telemetry, and ends the process with `code`. For programs that call [`std::process::exit`], which runs
/// no destructors: spans that ended since the last export are lost there, up to five seconds of them.
///
/// Takes no longer than shutting down may. Spans that have not ended are not exported: those of requests in progress, and
/// of the calling functions.
///
/// ```no_run
/// fn fatal(error: &std::io::Error) -> ! {
///     tracing::error!(%error, "cannot go on");
///     otel_core::startup::exit(1)
/// }
/// ```
pub fn exit(code: i32) -> ! {
    shutdown();
    std::process::exit(code)
}

/// Wakes the threads that wait for the shutdown, even if it panics.
struct Ended;

impl Drop for Ended {
    fn drop(&mut self) {
        *lock() = TelemetryState::Off;
        ENDED.notify_all();
    }
}

fn lock() -> MutexGuard<'static, TelemetryState> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
