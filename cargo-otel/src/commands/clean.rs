//! `cargo otel clean`. Only folders that this program has made are deleted: the cache may be in a folder of the user's.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::build_folder;
use crate::output;
use crate::project::{Arguments, Project};
use crate::runtime;

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let is_all = arguments.has("--all", None);
    // One may fail without the other.
    let cache = if is_all { remove_cache() } else { Ok(()) };
    remove_build(arguments, is_all)?;
    cache
}

fn remove_cache() -> Result<()> {
    let cache = runtime::default_folder()?;
    for folder in runtime::folders(&cache) {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
        removed(&folder);
    }
    // Fails if it holds anything else.
    let _ = fs::remove_dir(cache);
    Ok(())
}

fn remove_build(arguments: &Arguments, is_all: bool) -> Result<()> {
    let project = match Project::find(arguments) {
        // The cache belongs to no project, so `--all` works without one.
        Err(_) if is_all => return Ok(()),
        project => project?,
    };
    let folder = project.target_folder.join("otel");
    if build_folder::remove(&folder)? {
        removed(&folder);
    }
    Ok(())
}

fn removed(folder: &Path) {
    output::status("Removed", format_args!("{}", folder.display()));
}
