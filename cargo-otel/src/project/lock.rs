//! The packages of a project, from its lock file.

use std::fs;
use std::path::Path;

use semver::Version;
use serde::Deserialize;

/// A package.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LockedPackage {
    pub(crate) name: String,
    pub(crate) version: Version,
}

#[derive(Deserialize)]
struct Lock {
    #[serde(default)]
    package: Vec<LockedPackage>,
}

/// The packages; `None` if there is no lock file, or one that cannot be read.
pub(crate) fn packages(root: &Path) -> Option<Vec<LockedPackage>> {
    let lock: Lock = toml::from_str(&fs::read_to_string(root.join("Cargo.lock")).ok()?).ok()?;
    Some(lock.package)
}
