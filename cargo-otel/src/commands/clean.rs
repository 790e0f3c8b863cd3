//! `cargo otel clean`.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::output;
use crate::project::{Arguments, Project};
use crate::runtime;

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let is_all = arguments.has("--all", None);
    match Project::find(arguments) {
        Ok(project) => remove(&project.target_folder.join("otel"))?,
        // The cache belongs to no project, so `--all` works without one.
        Err(error) if !is_all => return Err(error),
        Err(_) => {}
    }
    if is_all {
        remove(&runtime::default_folder()?)?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
        output::status("Removed", format_args!("{}", folder.display()));
    }
    Ok(())
}
