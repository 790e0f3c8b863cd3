//! What a worker is asked to do besides.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

/// Flushes that wait at the same time, of which some may have been given up.
const MOST_FLUSHES: usize = 64;

/// Where an answer comes from.
pub(super) type Answer = Receiver<OTelSdkResult>;

/// What is asked, until the worker comes to it. The end always finds a place.
#[derive(Debug, Default)]
pub(super) struct Commands(Mutex<Asked>);

/// What was asked.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Export all that waits; one answer to everybody.
    pub(super) flushes: Vec<SyncSender<OTelSdkResult>>,
    /// Export all that waits, and end.
    pub(super) end: Option<End>,
    /// There is no worker any more.
    is_over: bool,
}

/// The end of a worker.
#[derive(Debug)]
pub(super) struct End {
    /// How long the exporter may take for its own.
    pub(super) timeout: Duration,
    /// `None`: nobody wants to know.
    pub(super) answer: Option<SyncSender<OTelSdkResult>>,
}

impl Commands {
    /// Asks for all that waits to be exported.
    pub(super) fn flush(&self) -> Result<Answer, OTelSdkError> {
        let mut asked = self.open()?;
        if asked.flushes.len() >= MOST_FLUSHES {
            return Err(OTelSdkError::InternalFailure("too many flushes wait".to_owned()));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        asked.flushes.push(answer);
        Ok(answered)
    }

    /// Asks for all that waits to be exported, and for the end.
    pub(super) fn end(&self, timeout: Duration) -> Result<Answer, OTelSdkError> {
        let mut asked = self.open()?;
        let (answer, answered) = mpsc::sync_channel(1);
        asked.end = Some(End { timeout, answer: Some(answer) });
        Ok(answered)
    }

    /// Asks for the end, unless somebody did.
    pub(super) fn end_unheard(&self, timeout: Duration) {
        self.lock().end.get_or_insert(End { timeout, answer: None });
    }

    /// What was asked since the last time.
    pub(super) fn take(&self) -> Asked {
        std::mem::take(&mut *self.lock())
    }

    /// There is no worker any more: who waits for an answer learns that.
    pub(super) fn close(&self) {
        *self.lock() = Asked { is_over: true, ..Asked::default() };
    }

    fn open(&self) -> Result<MutexGuard<'_, Asked>, OTelSdkError> {
        let asked = self.lock();
        if asked.is_over { Err(OTelSdkError::AlreadyShutdown) } else { Ok(asked) }
    }

    fn lock(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    /// Answers all who asked for a flush.
    pub(super) fn answer_flushes(&mut self, result: &OTelSdkResult) {
        for answer in self.flushes.drain(..) {
            // Nobody waits any more.
            let _ = answer.send(same(result));
        }
    }
}

/// Errors cannot be cloned.
fn same(result: &OTelSdkResult) -> OTelSdkResult {
    match result {
        Ok(()) => Ok(()),
        Err(OTelSdkError::AlreadyShutdown) => Err(OTelSdkError::AlreadyShutdown),
        Err(OTelSdkError::Timeout(after)) => Err(OTelSdkError::Timeout(*after)),
        Err(OTelSdkError::InternalFailure(why)) => Err(OTelSdkError::InternalFailure(why.clone())),
    }
}
