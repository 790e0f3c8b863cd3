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
    match Project::find(arguments) {
        Ok(project) => {
            let folder = project.target_folder.join("otel");
            if build_folder::remove(&folder)? {
                removed(&folder);
            }
        }
        // The cache belongs to no project, so `--all` works without one.
        Err(error) if !is_all => return Err(error),
        Err(_) => {}
    }
    if is_all {
        let cache = runtime::default_folder()?;
        for folder in runtime::folders(&cache) {
            fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
            removed(&folder);
        }
        // Fails if it holds anything else.
        let _ = fs::remove_dir(cache);
    }
    Ok(())
}

fn removed(folder: &Path) {
    output::status("Removed", format_args!("{}", folder.display()));
}
