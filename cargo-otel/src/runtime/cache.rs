//! The cache of runtimes: a folder that can be deleted at any time.

use std::env;
use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Runtime, TargetFlags, sources};
use crate::project::{Toolchain, cargo_home};

/// The user's choice of a folder.
pub(crate) const CACHE_VARIABLE: &str = "CARGO_OTEL_CACHE";

/// The runtimes of one toolchain.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    flags: TargetFlags,
}

impl Cache {
    /// The runtimes of a toolchain below the cache's folder.
    pub(crate) fn of_toolchain(cache: &Path, toolchain: &str, flags: TargetFlags) -> Self {
        Self { folder: cache.join(toolchain), flags }
    }

    /// A cache that the environment describes.
    pub(crate) fn at(folder: PathBuf, flags: TargetFlags) -> Self {
        Self { folder, flags }
    }

    /// The flags with which runtimes are built.
    pub(crate) fn flags(&self) -> &TargetFlags {
        &self.flags
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The runtime for a target, if it has been built.
    pub(crate) fn find(&self, target: &str) -> Option<Runtime> {
        Runtime::read(self.of_target(target))
    }

    /// The folder of the libraries for a target, if the runtime has been built.
    pub(crate) fn libraries(&self, target: &str) -> Option<PathBuf> {
        Some(self.of_target(target)).filter(|folder| folder.join(super::DESCRIPTION).exists())
    }

    /// The folder of the runtime for a target, whether it has been built or not.
    pub(super) fn of_target(&self, target: &str) -> PathBuf {
        self.folder.join(format!("{target}-{}{}", sources::VERSION, self.flags.suffix(target)))
    }

    /// The folder in which runtimes for a target are built, one at a time. It is kept, because another version shares
    /// most of its crates.
    pub(super) fn build_folder(&self, target: &str) -> PathBuf {
        self.folder.join(format!("{target}-build"))
    }

    /// Identifies toolchain, target and flags in the name of a file.
    pub(crate) fn key(&self, target: &str) -> String {
        let toolchain = self.folder.file_name().unwrap_or_default().to_string_lossy();
        format!("{toolchain}-{target}{}", self.flags.suffix(target))
    }

    /// Returns `true` if runtimes can be written there.
    pub(crate) fn is_writable(&self) -> bool {
        is_writable(&self.folder)
    }
}

/// Returns `true` if files can be written to a folder, which is created.
fn is_writable(folder: &Path) -> bool {
    let probe = folder.join(format!(".probe-{}", std::process::id()));
    let is_writable = fs::create_dir_all(folder).is_ok() && fs::write(&probe, "").is_ok();
    let _ = fs::remove_file(probe);
    is_writable
}

/// The folders of toolchains below the cache's folder, which may hold files of the user's as well.
pub(crate) fn folders(cache: &Path) -> Vec<PathBuf> {
    let is_of_toolchain = |entry: &DirEntry| {
        entry.file_name().to_str().is_some_and(Toolchain::is_id) && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    let entries = fs::read_dir(cache).into_iter().flatten().flatten();
    entries.filter(is_of_toolchain).map(|entry| entry.path()).collect()
}

/// The folder of all caches: `CARGO_OTEL_CACHE`, or `cargo-otel` in cargo's home.
pub(crate) fn default_folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os(CACHE_VARIABLE).filter(|folder| !folder.is_empty()) {
        return Ok(std::path::absolute(folder)?);
    }
    let home = cargo_home().with_context(|| format!("no home folder: set {CACHE_VARIABLE} to a folder"))?;
    Ok(home.join("cargo-otel"))
}
