//! Heap allocations per request on the serving thread, as the program `allocations` counts them.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{LONG_QUEUE, Result};
use crate::subject::Subject;

/// Allocations per request. Freed memory is not subtracted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Allocations {
    /// Their number.
    pub count: f64,
    /// Their size in bytes.
    pub bytes: f64,
}

impl Allocations {
    /// The allocations beyond `base`.
    #[must_use]
    pub fn beyond(self, base: Self) -> Self {
        Self { count: self.count - base.count, bytes: self.bytes - base.bytes }
    }
}

/// Allocations per request of `subject`, counted by `program`.
///
/// # Errors
///
/// If the process failed.
pub fn allocations(program: &Path, subject: Subject) -> Result<Allocations> {
    let output = Command::new(program)
        .args(subject.to_arguments())
        .env(LONG_QUEUE.0, LONG_QUEUE.1)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{}: {}\n{reason}", program.display(), output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let (count, bytes) = text.trim().split_once(' ').ok_or("two numbers expected")?;
    Ok(Allocations { count: count.parse()?, bytes: bytes.parse()? })
}
