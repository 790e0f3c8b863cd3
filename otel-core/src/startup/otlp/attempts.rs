//! What ends an export over gRPC. The exporter of `opentelemetry-otlp` waits and tries again on its own, and looks
//! neither at the end of the process nor, during an attempt, at the time; but it asks before each attempt.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use tokio::runtime::Runtime;
use tonic::Status;

use crate::exporter::retry::RetryBudget;

/// The attempts of one exporter, which makes one export at a time.
#[derive(Debug)]
pub(super) struct Attempts {
    timeout: Duration,
    budget: RetryBudget,
    /// When the export had its first attempt.
    begun: Mutex<Option<Instant>>,
    /// Whether one was refused.
    refused: AtomicBool,
}

impl Attempts {
    pub(super) fn new(timeout: Duration, budget: RetryBudget) -> Self {
        Self { timeout, budget, begun: Mutex::new(None), refused: AtomicBool::new(false) }
    }

    /// Before each attempt.
    ///
    /// # Errors
    ///
    /// There is to be no other one, for telemetry is shut down. What is queued has its first attempt all the same.
    pub(super) fn another(&self) -> Result<(), Status> {
        let begun = {
            let mut begun = self.begun();
            let Some(first) = *begun else {
                *begun = Some(Instant::now());
                return Ok(());
            };
            first
        };
        if self.budget.is_grace_over() {
            self.refused.store(true, Ordering::Relaxed);
            // A code after which the exporter does not try again.
            return Err(Status::failed_precondition("telemetry is shut down"));
        }
        self.budget.report_retry("no success yet", begun.elapsed());
        Ok(())
    }

    fn begun(&self) -> MutexGuard<'_, Option<Instant>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs an export inside `runtime`, whoever polls, to its end or that of its time.
    pub(super) async fn bound(&self, export: impl Future<Output = OTelSdkResult>, runtime: &Runtime) -> OTelSdkResult {
        *self.begun() = None;
        self.refused.store(false, Ordering::Relaxed);
        let mut export = pin!(export);
        // In a block: the timer is made at the first poll, inside the runtime.
        let mut late = pin!(async { tokio::time::sleep(self.timeout).await });
        let mut over = pin!(self.budget.ended());
        poll_fn(|cx| {
            let _inside = runtime.enter();
            let result = export.as_mut().poll(cx);
            if result.is_ready() && !self.refused.load(Ordering::Relaxed) {
                return result;
            }
            if result.is_ready() || over.as_mut().poll(cx).is_ready() {
                return given_up("no success before the end");
            }
            if late.as_mut().poll(cx).is_ready() {
                return given_up("no success in time");
            }
            Poll::Pending
        })
        .await
    }
}

fn given_up(why: &str) -> Poll<OTelSdkResult> {
    Poll::Ready(Err(OTelSdkError::InternalFailure(why.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_end_with_telemetry_but_for_the_first() {
        let budget = RetryBudget::default();
        let attempts = Attempts::new(Duration::from_secs(60), budget.clone());
        assert!((0..3).all(|_| attempts.another().is_ok()));
        budget.shut_down(Duration::ZERO);
        assert!(attempts.another().is_err());

        *attempts.begun() = None;
        assert!(attempts.another().is_ok(), "the first attempt of what is still queued");
        assert!(attempts.another().is_err());
    }
}
