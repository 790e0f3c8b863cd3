//! Blocking work away from the caller's thread.

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::OTelSdkResult;

use crate::panics::caught;

/// Runs `work` on a thread of its own. `None` if it panicked or the thread could not be started.
///
/// Blocking HTTP clients panic when they are built or dropped on a thread of an async runtime; here they never are.
pub(super) fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    thread::Builder::new().name("otel-actix".to_owned()).spawn(|| caught(work)).ok()?.join().ok()?
}

/// Runs `work` on a thread of its own and waits for it until `deadline`. `None` if it took longer (the thread goes on),
/// panicked, or could not be started.
pub(super) fn within(
    deadline: Duration,
    work: impl FnOnce() -> OTelSdkResult + Send + 'static,
) -> Option<OTelSdkResult> {
    let mut pending = PendingWork::start(work);
    pending.wait(Instant::now().checked_add(deadline));
    pending.result
}

/// Work on a thread of its own, and its result once it has been waited for.
#[derive(Debug)]
pub(super) struct PendingWork {
    receiver: Option<Receiver<OTelSdkResult>>,
    result: Option<OTelSdkResult>,
}

impl PendingWork {
    pub(super) fn start(work: impl FnOnce() -> OTelSdkResult + Send + 'static) -> Self {
        Self::start_boxed(Box::new(work))
    }

    fn start_boxed(work: Box<dyn FnOnce() -> OTelSdkResult + Send>) -> Self {
        let (sender, receiver) = mpsc::sync_channel(1);
        let work = move || {
            // Fails if the deadline has passed and the receiver is gone.
            let _ = caught(work).map(|result| sender.send(result));
        };
        let started = thread::Builder::new().name("otel-actix".to_owned()).spawn(work);
        Self { receiver: started.ok().map(|_| receiver), result: None }
    }

    /// Waits for the result until `until`. `None` stands for a time beyond the range of the clock.
    pub(super) fn wait(&mut self, until: Option<Instant>) {
        if self.result.is_some() {
            return;
        }
        let left = until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()));
        self.result = self.receiver.as_ref().and_then(|receiver| receiver.recv_timeout(left).ok());
    }

    /// `None` if there is none yet, the work panicked, or it could not be started.
    pub(super) fn result(&self) -> Option<&OTelSdkResult> {
        self.result.as_ref()
    }
}

/// The time until which work is awaited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    start: Instant,
    allowed: Duration,
}

impl Deadline {
    pub(super) fn after(allowed: Duration) -> Self {
        Self { start: Instant::now(), allowed }
    }

    /// The time `moment` from now, but not beyond the end.
    pub(super) fn within(&self, moment: Duration) -> Option<Instant> {
        let soon = Instant::now().checked_add(moment)?;
        Some(self.end().map_or(soon, |end| soon.min(end)))
    }

    /// The end. `None` stands for a time beyond the range of the clock.
    pub(super) fn end(&self) -> Option<Instant> {
        self.start.checked_add(self.allowed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};

    use super::*;

    #[test]
    fn results_come_back() {
        assert_eq!(elsewhere(|| 7), Some(7));
        assert!(matches!(within(Duration::from_secs(60), || Ok(())), Some(Ok(()))));
    }

    #[test]
    fn a_deadline_is_kept() {
        let barrier = Arc::new(Barrier::new(2));
        let never = Arc::clone(&barrier);
        let waiting = move || {
            never.wait();
            Ok(())
        };
        assert!(within(Duration::from_millis(20), waiting).is_none());
        barrier.wait();
    }
}
