//! Commands to a worker: flush, and end.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

/// The most flushes that wait at the same time; for some of them, the caller may have stopped waiting.
const MAX_FLUSHES: usize = 64;

/// Receives the result of a command.
pub(super) type PendingResult = Receiver<OTelSdkResult>;

/// Commands that wait for the worker. There is always room for the command to end.
#[derive(Debug, Default)]
pub(super) struct Commands(Mutex<PendingCommands>);

/// The commands since the worker looked last.
#[derive(Debug, Default)]
pub(super) struct PendingCommands {
    /// Export all spans that wait. Every caller gets the same result.
    pub(super) flushes: Vec<SyncSender<OTelSdkResult>>,
    /// Export all spans that wait, and end.
    pub(super) end: Option<EndCommand>,
    /// `true` if there is no worker any more.
    is_over: bool,
}

/// The end of a worker.
#[derive(Debug)]
pub(super) struct EndCommand {
    /// How long the exporter's own shutdown may take.
    pub(super) timeout: Duration,
    /// `None` if the caller does not wait for the result.
    pub(super) answer: Option<SyncSender<OTelSdkResult>>,
}

impl Commands {
    /// Asks the worker to export all spans that wait.
    pub(super) fn flush(&self) -> Result<PendingResult, OTelSdkError> {
        let mut pending = self.open()?;
        if pending.flushes.len() >= MAX_FLUSHES {
            return Err(OTelSdkError::InternalFailure("too many flushes wait".to_owned()));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        pending.flushes.push(answer);
        Ok(answered)
    }

    /// Asks the worker to export all spans that wait, and to end.
    pub(super) fn end(&self, timeout: Duration) -> Result<PendingResult, OTelSdkError> {
        let mut pending = self.open()?;
        let (answer, answered) = mpsc::sync_channel(1);
        pending.end = Some(EndCommand { timeout, answer: Some(answer) });
        Ok(answered)
    }

    /// Asks the worker to end, unless it was asked before, and does not wait for the result.
    pub(super) fn end_unattended(&self, timeout: Duration) {
        self.lock().end.get_or_insert(EndCommand { timeout, answer: None });
    }

    /// Takes the commands that wait.
    pub(super) fn take(&self) -> PendingCommands {
        std::mem::take(&mut *self.lock())
    }

    /// Ends the commands: callers that wait for a result learn that the worker is gone.
    pub(super) fn close(&self) {
        *self.lock() = PendingCommands { is_over: true, ..PendingCommands::default() };
    }

    fn open(&self) -> Result<MutexGuard<'_, PendingCommands>, OTelSdkError> {
        let pending = self.lock();
        if pending.is_over { Err(OTelSdkError::AlreadyShutdown) } else { Ok(pending) }
    }

    fn lock(&self) -> MutexGuard<'_, PendingCommands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PendingCommands {
    /// Sends the result to every caller of a flush.
    pub(super) fn answer_flushes(&mut self, result: &OTelSdkResult) {
        for answer in self.flushes.drain(..) {
            // Fails if the caller stopped waiting.
            let _ = answer.send(same(result));
        }
    }
}

/// The same result: the errors of the SDK cannot be cloned.
fn same(result: &OTelSdkResult) -> OTelSdkResult {
    match result {
        Ok(()) => Ok(()),
        Err(OTelSdkError::AlreadyShutdown) => Err(OTelSdkError::AlreadyShutdown),
        Err(OTelSdkError::Timeout(after)) => Err(OTelSdkError::Timeout(*after)),
        Err(OTelSdkError::InternalFailure(why)) => Err(OTelSdkError::InternalFailure(why.clone())),
    }
}
