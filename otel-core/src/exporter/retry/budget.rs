//! The time within which an export is retried: its timeout, and a moment once telemetry is shut down.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The longest time for which an unresponsive collector is retried during shutdown: a program should not end late because
/// of a collector that was never there.
const FINAL_GRACE: Duration = Duration::from_secs(1);

/// The time that is left for the report of a failure before the shutdown is given up.
const REPORT_MARGIN: Duration = Duration::from_millis(250);

/// The time for attempts. Clones share it: the exporter holds one, and the shutdown of telemetry another.
#[derive(Clone, Debug, Default)]
pub(crate) struct RetryBudget(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    shutdown: Mutex<Option<Shutdown>>,
    changed: Condvar,
    #[cfg(feature = "otlp-grpc")]
    shutdown_began: tokio::sync::Notify,
    on_retry: OnceLock<OnRetry>,
}

/// A function to call before an export is retried, with the reason and the time that the export has taken so far.
#[cfg_attr(not(any(test, feature = "_otlp")), expect(dead_code, reason = "this build has no OTLP"))]
struct OnRetry(Box<ReportRetry>);

type ReportRetry = dyn Fn(&str, Duration) + Send + Sync;

impl fmt::Debug for OnRetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRetry")
    }
}

/// When attempts end because telemetry is shut down.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "_otlp"), expect(dead_code, reason = "this build has no OTLP"))]
struct Shutdown {
    /// The end of attempts to reach a collector that does not answer.
    grace_ends: Instant,
    /// The end of all attempts, also of those that the collector asked for.
    ends: Instant,
}

impl RetryBudget {
    /// Limits attempts from now on: telemetry is being shut down, and the shutdown ends after `allowed`.
    pub(crate) fn shut_down(&self, allowed: Duration) {
        let now = Instant::now();
        let left = allowed.saturating_sub(REPORT_MARGIN);
        // A time beyond the range of the clock is replaced by one that is far enough away.
        let ends = now.checked_add(left).unwrap_or(now + FINAL_GRACE);
        self.lock().get_or_insert(Shutdown { grace_ends: now + FINAL_GRACE.min(left), ends });
        self.0.changed.notify_all();
        #[cfg(feature = "otlp-grpc")]
        self.0.shutdown_began.notify_waiters();
    }

    /// Sets the function that is called before an export is retried. The first one stays.
    pub(crate) fn on_retry(&self, report: impl Fn(&str, Duration) + Send + Sync + 'static) {
        self.0.on_retry.get_or_init(|| OnRetry(Box::new(report)));
    }

    /// Reports that an export has not succeeded yet, `tried` after it began.
    #[cfg(any(test, feature = "_otlp"))]
    pub(crate) fn report_retry(&self, reason: &str, tried: Duration) {
        if let Some(OnRetry(report)) = self.0.on_retry.get() {
            report(reason, tried);
        }
    }

    /// Waits before another attempt. Returns `false` if there is no time for it before `deadline` or before the end of
    /// telemetry.
    ///
    /// Once telemetry is shut down, the next attempt comes at once, unless the collector `requested` the wait.
    #[cfg(feature = "_otlp")]
    pub(crate) fn wait(&self, wait: Duration, requested: bool, deadline: Instant) -> bool {
        let Some(wake) = Instant::now().checked_add(wait).filter(|wake| *wake < deadline) else { return false };
        let mut shutdown = self.lock();
        let shut_down_before = shutdown.is_some();
        loop {
            match *shutdown {
                Some(Shutdown { ends, .. }) if requested && wake >= ends => return false,
                Some(_) if requested => {}
                Some(Shutdown { grace_ends, .. }) if shut_down_before && wake >= grace_ends => return false,
                Some(_) if !shut_down_before => return true,
                _ => {}
            }
            let left = wake.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            shutdown = self.0.changed.wait_timeout(shutdown, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Returns `true` if telemetry is being shut down.
    #[cfg(feature = "otlp-grpc")]
    pub(crate) fn is_shutting_down(&self) -> bool {
        self.lock().is_some()
    }

    /// Waits until it is too late for any attempt.
    #[cfg(feature = "otlp-grpc")]
    pub(crate) async fn ended(&self) {
        loop {
            // Made before the state is read, so that no shutdown in between is missed.
            let shutdown_began = self.0.shutdown_began.notified();
            let shutdown = *self.lock();
            match shutdown {
                Some(Shutdown { ends, .. }) => return tokio::time::sleep_until(ends.into()).await,
                None => shutdown_began.await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shutdown>> {
        self.0.shutdown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, feature = "_otlp"))]
mod tests {
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    fn far() -> Instant {
        Instant::now() + LONG * 2
    }

    #[test]
    fn waits_that_fit_are_waited_and_others_not_begun() {
        let budget = RetryBudget::default();
        let started = Instant::now();
        assert!(budget.wait(SHORT, false, far()));
        assert!(started.elapsed() >= SHORT);
        for (wait, deadline) in [(LONG, started + SHORT * 10), (Duration::MAX, far()), (SHORT, started)] {
            assert!(!budget.wait(wait, true, deadline), "{wait:?}");
        }
        assert!(started.elapsed() < LONG);
    }

    /// Shuts down while `wait` waits, and returns its result and how long it went on.
    fn shut_down_during(wait: Duration, requested: bool, allowed: Duration) -> (bool, Duration) {
        let budget = RetryBudget::default();
        let waiting = budget.clone();
        let waiter = thread::spawn(move || waiting.wait(wait, requested, far()));
        // A waiter holds a clone. It releases the lock only while it waits for the condition variable.
        while Arc::strong_count(&budget.0) < 2 {
            thread::yield_now();
        }
        thread::sleep(SHORT * 5);
        let shut_down = Instant::now();
        budget.shut_down(allowed);
        (waiter.join().unwrap_or_default(), shut_down.elapsed())
    }

    #[test]
    fn a_shutdown_ends_a_wait_of_our_choice_with_one_more_attempt() {
        let (again, waited) = shut_down_during(LONG, false, LONG);
        assert!(again && waited < LONG / 2, "{again}, {waited:?}");
    }

    #[test]
    fn a_shutdown_ends_a_requested_wait_that_is_too_long_without_another_attempt() {
        let (again, waited) = shut_down_during(LONG, true, Duration::from_secs(5));
        assert!(!again && waited < LONG / 2, "{again}, {waited:?}");
    }

    #[test]
    fn a_shutdown_leaves_a_requested_wait_alone_that_fits() {
        let (again, waited) = shut_down_during(SHORT * 20, true, LONG);
        assert!(again && waited > SHORT, "{again}, {waited:?}");
    }

    #[test]
    fn after_the_shutdown_began_only_waits_that_fit() {
        let budget = RetryBudget::default();
        budget.shut_down(Duration::from_secs(10));
        assert!(budget.wait(SHORT, false, far()));
        assert!(!budget.wait(FINAL_GRACE * 2, false, far()), "longer than the grace");
        assert!(budget.wait(SHORT, true, far()));
        assert!(!budget.wait(Duration::from_secs(10), true, far()), "beyond the end");
        // A requested wait may last longer than the grace.
        let Some(Shutdown { grace_ends, ends }) = *budget.lock() else { unreachable!() };
        assert!(ends > grace_ends + FINAL_GRACE);
    }

    #[test]
    fn no_time_allows_no_wait_and_any_time_is_no_overflow() {
        let budget = RetryBudget::default();
        budget.shut_down(Duration::ZERO);
        assert!(!budget.wait(SHORT, true, far()));
        RetryBudget::default().shut_down(Duration::MAX);
    }
}
