//! The reasons why a crate is not changed.

use std::io::{self, ErrorKind};

use super::compiler::Failure;

/// A reason, and its duration.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) reason: String,
    /// `true` if the next build would see the same. Otherwise it tries again.
    pub(super) is_final: bool,
}

impl Refusal {
    /// A reason that may have passed when the next build starts.
    pub(super) fn passing(error: &anyhow::Error) -> Self {
        Self { reason: format!("{error:#}"), is_final: false }
    }

    /// The changed sources do not compile.
    pub(super) fn of_compiler(what: &str, failure: &Failure) -> Self {
        Self { reason: format!("{what}:\n{}", failure.text), is_final: failure.is_of_code }
    }
}

impl From<anyhow::Error> for Refusal {
    /// An error while the sources are changed. It is final unless the system is the reason: a full disk, for example.
    fn from(error: anyhow::Error) -> Self {
        let of_system = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
        let is_final = of_system.is_none_or(|error| error.kind() == ErrorKind::NotFound);
        Self { reason: format!("{error:#}"), is_final }
    }
}
