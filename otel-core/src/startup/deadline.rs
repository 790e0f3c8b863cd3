//! Blocking work away from the caller's thread.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs `work` on a thread of its own. `None` if it panicked or the thread could not be started.
///
/// Blocking HTTP clients panic when they are built or dropped on a thread of an async runtime; here they never are.
pub(super) fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    thread::Builder::new().name("otel-actix".to_owned()).spawn(work).ok()?.join().ok()
}

/// Runs `work` on a thread of its own and waits no longer than `deadline` for it. `None` if it took longer (it is left
/// running), panicked, or could not be started.
pub(super) fn within<T: Send + 'static>(deadline: Duration, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let work = move || {
        // The receiver is gone if the deadline has passed; then nobody wants the result.
        let _ = sender.send(work());
    };
    thread::Builder::new().name("otel-actix".to_owned()).spawn(work).ok()?;
    receiver.recv_timeout(deadline).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};

    use super::*;

    #[test]
    fn results_come_back() {
        assert_eq!(elsewhere(|| 7), Some(7));
        assert_eq!(within(Duration::from_secs(60), || 7), Some(7));
    }

    #[test]
    fn a_deadline_is_kept() {
        let barrier = Arc::new(Barrier::new(2));
        let never = Arc::clone(&barrier);
        assert!(within(Duration::from_millis(20), move || never.wait()).is_none());
        barrier.wait();
    }
}
