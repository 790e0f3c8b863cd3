//! The folders of a project's packages, and the crates of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use semver::Version;
use serde::Deserialize;

use super::{Arguments, Package, cargo};

/// The sources of a package.
#[derive(Debug)]
pub(crate) struct Sources {
    pub(crate) folder: PathBuf,
    /// Names and first files of its crates; none for macros and build scripts, and for packages that cargo fetched.
    pub(crate) crates: Vec<(String, PathBuf)>,
}

/// The parts of the output of
/// [`cargo metadata`](https://doc.rust-lang.org/cargo/commands/cargo-metadata.html) that matter here.
#[derive(Deserialize)]
struct MetadataOfSources {
    packages: Vec<MetadataPackage>,
}

#[derive(Deserialize)]
struct MetadataPackage {
    name: String,
    version: Version,
    manifest_path: PathBuf,
    /// `None` for a package of the project.
    source: Option<String>,
    targets: Vec<MetadataTarget>,
}

#[derive(Deserialize)]
struct MetadataTarget {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
}

/// The sources of all packages that the members of the workspace need, with the features of the arguments.
#[derive(Debug)]
pub(crate) struct AllSources(BTreeMap<(String, Version), Sources>);

impl AllSources {
    /// Finds the sources. The lock file has to be up to date: nothing is written.
    pub(crate) fn find(arguments: &Arguments, targets: &[String]) -> Result<Self> {
        let mut command = cargo();
        command.args(["metadata", "--format-version", "1"]).args(arguments.selection_of_features());
        command.args(targets.iter().flat_map(|target| ["--filter-platform", target]));
        if !arguments.has("--locked", None) {
            command.arg("--locked");
        }
        let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be called")?;
        if !output.status.success() {
            bail!("cargo finds no sources; its message is above");
        }
        let metadata: MetadataOfSources = serde_json::from_slice(&output.stdout)?;
        Ok(Self(metadata.packages.into_iter().filter_map(sources).collect()))
    }

    /// The sources of a package.
    pub(crate) fn of(&self, package: &Package) -> Option<&Sources> {
        self.0.get(&(package.name.clone(), package.version.clone()))
    }
}

fn sources(package: MetadataPackage) -> Option<((String, Version), Sources)> {
    let folder = package.manifest_path.parent()?.to_owned();
    let is_of_project = package.source.is_none();
    let is_for_target =
        |target: &MetadataTarget| !target.kind.iter().any(|kind| kind == "proc-macro" || kind == "custom-build");
    let targets = package.targets.into_iter().filter(|target| is_of_project && is_for_target(target));
    let crates = targets.map(|target| (target.name.replace('-', "_"), target.src_path)).collect();
    Some(((package.name, package.version), Sources { folder, crates }))
}
