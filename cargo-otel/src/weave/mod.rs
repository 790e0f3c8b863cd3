//! A copy of a crate with the edits of its recipe. The original is only read.

mod edit;
mod module;
mod tokens;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use semver::Version;

use crate::recipe::Weave;

/// The folder of the module with our sources, relative to the crate's folder.
pub(crate) const MODULE_FOLDER: &str = "src/__otel";

/// Writes a woven copy of the crate in `original` to `copy`, which is replaced.
///
/// # Errors
///
/// If the crate does not look as the recipe expects, or the copy cannot be written. Then there is no copy.
pub(crate) fn weave(recipe: &Weave, version: &Version, original: &Path, copy: &Path) -> Result<()> {
    if !recipe.versions.matches(version) {
        bail!("the recipe is for versions {}", recipe.versions);
    }
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    let written = copy_folder(original, copy, true).and_then(|()| change(recipe, version, copy));
    if written.is_err() {
        // What cannot be deleted now is replaced by the next build.
        let _ = fs::remove_dir_all(copy);
    }
    written
}

fn change(recipe: &Weave, version: &Version, copy: &Path) -> Result<()> {
    // A file that old versions lack has edits for later ones alone.
    let edits = recipe.edits.iter().filter(|edit| edit.versions.matches(version));
    let mut files: Vec<&str> = edits.map(|edit| edit.file.as_str()).collect();
    files.sort_unstable();
    files.dedup();
    for file in files {
        let path = copy.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("{file} of {version}"))?;
        fs::write(&path, edit::all(text, &recipe.edits, file, version)?)?;
    }
    module::write(recipe, version, &copy.join("src"))
}

/// Copies a folder and its content, without repositories, folders that hold what a tool can make again
/// ([`CACHEDIR.TAG`](https://bford.info/cachedir/), such as cargo's target folder), and the copy itself.
pub(crate) fn copy_folder(from: &Path, to: &Path, is_package: bool) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if is_package && (entry.file_name() == "target" || entry.file_name() == ".git") {
            continue;
        }
        if to.starts_with(&path) || path.join("CACHEDIR.TAG").exists() {
            continue;
        }
        if path.is_dir() {
            copy_folder(&path, &target, false)?;
        } else if path.exists() {
            // Copies the bytes alone: a read-only file of a vendored crate would stay read-only.
            let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
            fs::write(&target, bytes).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod names;
#[cfg(test)]
mod tests;
