//! Cargo's target folder of instrumented builds: `otel` in the user's own.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// A file that marks a [folder of a cache](https://bford.info/cachedir/). Cargo puts one into target folders that it makes,
/// and none into the user's own folders.
const TAG: &str = "CACHEDIR.TAG";

const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
                        # This file is a cache directory tag created by cargo-otel.\n\
                        # For information about cache directory tags see https://bford.info/cachedir/\n";

/// Makes the folder and the user's target folder around it, as far as they are missing.
///
/// # Errors
///
/// If they cannot be written.
pub(super) fn create(folder: &Path) -> Result<()> {
    for folder in folder.parent().into_iter().chain([folder]) {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        match fs::create_dir(folder) {
            Ok(()) => fs::write(folder.join(TAG), TAG_TEXT),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
        }
        .with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

/// Deletes the folder, if there is one.
///
/// # Errors
///
/// If it cannot be deleted, or if it was made by somebody else.
pub(super) fn remove(folder: &Path) -> Result<bool> {
    if !folder.exists() {
        return Ok(false);
    }
    if !folder.join(TAG).exists() {
        bail!("{} may hold other files: no build of `cargo otel` has made it. Delete it yourself", folder.display());
    }
    fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    Ok(true)
}
