//! How long exports may be tried again: until their timeout, and for a moment only once telemetry is shut down.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Once telemetry is shut down, how long somebody who does not answer is tried again. Nobody wants to wait at the end of
/// a program for a collector that was never there.
const FAREWELL: Duration = Duration::from_secs(1);

/// What is left for the report of a failure before shutting down is given up.
const MARGIN: Duration = Duration::from_millis(250);

/// Shared by an exporter and whoever shuts it down.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patience(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    ending: Mutex<Option<Ending>>,
    changed: Condvar,
    #[cfg(feature = "grpc")]
    ended: tokio::sync::Notify,
    worry: OnceLock<Worry>,
}

/// Who wants to know that an export is tried again: why, and how long it has been so far.
#[cfg_attr(not(any(test, feature = "grpc", feature = "otlp-http")), expect(dead_code, reason = "nothing is sent"))]
struct Worry(Box<OnWorry>);

type OnWorry = dyn Fn(&str, Duration) + Send + Sync;

impl fmt::Debug for Worry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Worry")
    }
}

/// When attempts end because telemetry does.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(any(feature = "grpc", feature = "otlp-http")), expect(dead_code, reason = "there is nobody to reach"))]
struct Ending {
    /// Those to reach anybody.
    farewell: Instant,
    /// Those that the collector asked for.
    last: Instant,
}

impl Patience {
    /// Telemetry is shut down from now on, and given up after `allowed`.
    pub(crate) fn end(&self, allowed: Duration) {
        let now = Instant::now();
        let left = allowed.saturating_sub(MARGIN);
        // A time too far away to be expressed is replaced by one that is far enough.
        let last = now.checked_add(left).unwrap_or(now + FAREWELL);
        self.lock().get_or_insert(Ending { farewell: now + FAREWELL.min(left), last });
        self.0.changed.notify_all();
        #[cfg(feature = "grpc")]
        self.0.ended.notify_waiters();
    }

    /// Whom to tell that exports are tried again. The first one it is.
    pub(crate) fn set_worry(&self, worry: impl Fn(&str, Duration) + Send + Sync + 'static) {
        self.0.worry.get_or_init(|| Worry(Box::new(worry)));
    }

    /// Tells that an export that was `tried` for so long has not succeeded yet, and why.
    #[cfg(any(test, feature = "grpc", feature = "otlp-http"))]
    pub(crate) fn worry(&self, reason: &str, tried: Duration) {
        if let Some(Worry(worry)) = self.0.worry.get() {
            worry(reason, tried);
        }
    }

    /// Waits before another attempt. `false`: there will be none, it would come after `deadline` or after the end.
    ///
    /// Once telemetry is shut down, the next attempt comes at once, unless the collector `asked` for the wait.
    #[cfg(any(feature = "grpc", feature = "otlp-http"))]
    pub(crate) fn wait(&self, wait: Duration, asked: bool, deadline: Instant) -> bool {
        let Some(wake) = Instant::now().checked_add(wait).filter(|wake| *wake < deadline) else { return false };
        let mut ending = self.lock();
        let ended_before = ending.is_some();
        loop {
            match *ending {
                Some(Ending { last, .. }) if asked && wake >= last => return false,
                Some(_) if asked => {}
                Some(Ending { farewell, .. }) if ended_before && wake >= farewell => return false,
                Some(_) if !ended_before => return true,
                _ => {}
            }
            let left = wake.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            ending = self.0.changed.wait_timeout(ending, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether telemetry is being shut down.
    #[cfg(feature = "grpc")]
    pub(crate) fn is_ending(&self) -> bool {
        self.lock().is_some()
    }

    /// Whether it is too late for another attempt to reach anybody.
    #[cfg(feature = "grpc")]
    pub(crate) fn is_over(&self) -> bool {
        self.lock().is_some_and(|ending| Instant::now() >= ending.farewell)
    }

    /// Ready when it is too late for anything.
    #[cfg(feature = "grpc")]
    pub(crate) async fn over(&self) {
        loop {
            // Before looking: an end that comes in between is not missed.
            let ended = self.0.ended.notified();
            let ending = *self.lock();
            match ending {
                Some(Ending { last, .. }) => return tokio::time::sleep_until(last.into()).await,
                None => ended.await,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Ending>> {
        self.0.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(all(test, any(feature = "grpc", feature = "otlp-http")))]
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
        let patience = Patience::default();
        let started = Instant::now();
        assert!(patience.wait(SHORT, false, far()));
        assert!(started.elapsed() >= SHORT);
        for (wait, deadline) in [(LONG, started + SHORT * 10), (Duration::MAX, far()), (SHORT, started)] {
            assert!(!patience.wait(wait, true, deadline), "{wait:?}");
        }
        assert!(started.elapsed() < LONG);
    }

    #[test]
    fn the_end_cuts_waits_short() {
        // Of our choice: one more attempt, at once. The collector's: none before it wants one.
        for (asked, again) in [(false, true), (true, false)] {
            let patience = Patience::default();
            let waiting = patience.clone();
            let waiter = thread::spawn(move || waiting.wait(LONG, asked, far()));
            patience.end(Duration::from_secs(5));
            // Whether it came before or after the end, it does not last.
            let answer = waiter.join().ok();
            assert!(answer == Some(again) || answer == Some(false), "{asked}: {answer:?}");
        }
    }

    #[test]
    fn after_the_end_only_what_fits_into_it() {
        let patience = Patience::default();
        patience.end(Duration::from_secs(10));
        assert!(patience.wait(SHORT, false, far()));
        assert!(!patience.wait(FAREWELL * 2, false, far()), "nobody is waited for");
        assert!(patience.wait(SHORT, true, far()));
        assert!(!patience.wait(Duration::from_secs(10), true, far()), "beyond the end");
        // What the collector asks for may last longer than the farewell.
        let Some(Ending { farewell, last }) = *patience.lock() else { unreachable!() };
        assert!(last > farewell + FAREWELL);
    }

    #[test]
    fn no_allowance_is_no_patience_and_any_is_no_overflow() {
        let patience = Patience::default();
        patience.end(Duration::ZERO);
        assert!(!patience.wait(SHORT, true, far()));
        Patience::default().end(Duration::MAX);
    }
}
