//! Files in which other processes of a build write something for the front end.

use std::fs::{self, File, TryLockError};
use std::io::{self, Error, ErrorKind, Read as _, Seek as _};
use std::path::Path;

use anyhow::Result;
use tempfile::{Builder, NamedTempFile};

/// The beginnings of the files' names.
pub(super) const FAILURES: &str = "failures-";
pub(super) const PROGRAM: &str = "program-";

/// A file that only this user can read. The front end holds a lock on it, which ends with the process in any case: other
/// processes see from it whether the front end still waits. Dropping deletes the file.
#[derive(Debug)]
pub(super) struct Inbox(NamedTempFile);

impl Inbox {
    /// Makes a file in a folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(super) fn create(folder: &Path, prefix: &str) -> Result<Self> {
        let file = Builder::new().prefix(prefix).tempfile_in(folder)?;
        // A lock on Windows would keep other processes from writing.
        if cfg!(unix) {
            match file.as_file().try_lock() {
                // Some network file systems have no locks: the front end counts as waiting there.
                Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
                result => result.map_err(Error::from)?,
            }
            // Another front end may have deleted the file before it was locked.
            fs::metadata(file.path())?;
        }
        Ok(Self(file))
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Returns what the other processes have written, and deletes the file.
    pub(super) fn take(mut self) -> io::Result<Vec<u8>> {
        let mut written = Vec::new();
        let file = self.0.as_file_mut();
        file.rewind()?;
        file.read_to_end(&mut written)?;
        Ok(written)
    }

    /// Returns `true` if the front end of a file still waits.
    pub(super) fn is_open(path: &Path) -> bool {
        is_locked(path).unwrap_or(false)
    }

    /// Deletes the files of front ends that were killed.
    pub(super) fn remove_abandoned(folder: &Path) {
        if !cfg!(unix) {
            return;
        }
        for file in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = file.file_name();
            let is_inbox = [FAILURES, PROGRAM].iter().any(|prefix| name.to_string_lossy().starts_with(prefix));
            if is_inbox && is_locked(&file.path()).is_ok_and(|is_locked| !is_locked) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}

fn is_locked(path: &Path) -> io::Result<bool> {
    // Several processes may ask at the same time: a shared lock, so that none of them is taken for the front end.
    Ok(File::open(path)?.try_lock_shared().is_err())
}
