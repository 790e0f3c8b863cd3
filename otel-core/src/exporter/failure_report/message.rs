//! The reports themselves.

use std::fmt;

use crate::exporter::signal::Signal;
use crate::self_log;

/// The number of items that each signal lost.
pub(super) type Losses = [usize; 3];

/// A message to the operator.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Report {
    Retrying { destination: String, reason: String, advice: Advice },
    Failed { failures: Failures, advice: Advice },
    Recovered { destination: String },
    Remark { destination: String, remark: String },
}

/// Exports to one destination that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failures {
    pub(super) destination: String,
    /// The reason of the last failure.
    pub(super) reason: String,
    pub(super) exports: u64,
    pub(super) lost: Losses,
}

/// Signals to turn off if nothing is to be sent there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Advice(pub(super) Vec<Signal>);

impl Report {
    pub(super) fn send(self) {
        match self {
            Self::Recovered { .. } => self_log::info(format_args!("{self}")),
            _ => self_log::warn(format_args!("{self}")),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retrying { destination, reason, advice } => {
                write!(f, "export to {destination} has not succeeded yet and is retried: {reason}{advice}")
            }
            Self::Failed { failures, advice } => write!(f, "{failures}{advice}"),
            Self::Recovered { destination } => write!(f, "export to {destination} works again"),
            Self::Remark { destination, remark } => {
                write!(f, "{destination} accepted the export and says: {remark}")
            }
        }
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { destination, reason, exports, lost } = self;
        match exports {
            1 => write!(f, "export to {destination} failed: {reason}")?,
            _ => write!(f, "export to {destination} failed {exports} times, last: {reason}")?,
        }
        for signal in Signal::ALL {
            if lost[signal as usize] > 0 {
                write!(f, "; {} lost: {}", signal.items(), lost[signal as usize])?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, signal) in self.0.iter().enumerate() {
            let before = if index == 0 { ". If nothing is to be sent there, set " } else { ", " };
            write!(f, "{before}{}=none", signal.variable())?;
        }
        Ok(())
    }
}
