//! The library that is linked into applications: `otel-agent` and its dependencies.
//!
//! It is built once per toolchain, target and [flags], with a lock file of its own, and its crates get names in the object code
//! that none of the application's has (`-C metadata`): both may hold the same crate in two versions.

mod build;
mod cache;
mod flags;
pub(crate) mod sources;
mod workspace;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use semver::Version;
use serde::{Deserialize, Serialize};

pub(crate) use build::ensure;
pub(crate) use cache::{CACHE_VARIABLE, Cache, default_folder, folders};
pub(crate) use flags::TargetFlags;
pub(crate) use workspace::{locked_version, write as write_workspace, write_if_changed};

/// Name of the file that describes a runtime. It is written last.
const DESCRIPTION: &str = "runtime.json";

/// A runtime that has been built.
#[derive(Debug)]
pub(crate) struct Runtime {
    folder: PathBuf,
    description: Description,
}

#[derive(Debug, Deserialize, Serialize)]
struct Description {
    /// Identifies this build: crates that were compiled against another one do not fit.
    id: String,
    libraries: Vec<Library>,
}

/// A crate of the runtime.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Library {
    /// The name for `--extern`.
    name: String,
    version: Version,
    features: BTreeSet<String>,
    file: String,
}

impl Runtime {
    /// The runtime in a folder, if it is complete.
    fn read(folder: PathBuf) -> Option<Self> {
        let description = fs::read_to_string(folder.join(DESCRIPTION)).ok()?;
        Some(Self { folder, description: serde_json::from_str(&description).ok()? })
    }

    /// The folder of its libraries.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Identifies this build among all others.
    pub(crate) fn id(&self) -> &str {
        &self.description.id
    }

    /// The path of a crate, for `--extern`.
    pub(crate) fn library(&self, name: &str, version: Option<&Version>) -> Result<PathBuf> {
        let mut libraries = self.description.libraries.iter();
        let library = libraries
            .find(|library| library.name == name && version.is_none_or(|version| library.version == *version))
            .with_context(|| format!("the runtime has no crate {name}"))?;
        Ok(self.folder.join(&library.file))
    }
}
