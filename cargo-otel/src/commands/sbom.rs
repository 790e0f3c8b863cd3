//! `cargo otel plan --sbom`: what the runtime contains, as a [CycloneDX](https://cyclonedx.org) document.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::{Value, json};

use super::preparation::Preparation;
use crate::project::{Arguments, cargo};
use crate::runtime;

/// The parts of the output of
/// [`cargo metadata`](https://doc.rust-lang.org/cargo/commands/cargo-metadata.html) that the document needs.
#[derive(Deserialize)]
struct SbomMetadata {
    packages: Vec<SbomPackage>,
    resolve: SbomResolve,
}

#[derive(Deserialize)]
struct SbomPackage {
    id: String,
    name: String,
    version: String,
    /// An [SPDX expression](https://spdx.org/licenses/), as the manifest has it.
    license: Option<String>,
}

#[derive(Deserialize)]
struct SbomResolve {
    nodes: Vec<SbomNode>,
}

#[derive(Deserialize)]
struct SbomNode {
    id: String,
    deps: Vec<Dependency>,
}

/// An edge of the graph. One dependency may be of several kinds.
#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `None` for a dependency of the library itself; `build` or `dev` for the others.
    kind: Option<String>,
}

/// Prints the document. It is made from the sources inside this program, whatever the user's project contains, and names
/// the crates of the targets that the arguments choose.
pub(super) fn print(arguments: &Arguments) -> Result<()> {
    let preparation = Preparation::new(arguments)?;
    let folder = tempfile::tempdir()?;
    runtime::write_workspace(folder.path())?;
    let mut command = cargo();
    command.current_dir(&folder).args(["metadata", "--format-version", "1"]);
    for target in &preparation.targets {
        command.args(["--filter-platform", target]);
    }
    let _settings = preparation.network.add_to(&mut command, folder.path())?;
    let output = command.output()?;
    if !output.status.success() {
        bail!("cargo cannot list the runtime's crates: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    let document = document(&serde_json::from_slice(&output.stdout)?)?;
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}

/// A document of version 1.5, whose components are libraries with
/// [package URLs](https://github.com/package-url/purl-spec), such as `pkg:cargo/serde@1.0.219`.
fn document(metadata: &SbomMetadata) -> Result<Value> {
    let root = metadata.packages.iter().find(|package| package.name == "otel-agent").context("no otel-agent")?;
    let nodes: BTreeMap<&str, &SbomNode> = metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    // The linked crates and their macros: neither the dependencies of build scripts nor those of tests.
    let mut linked = BTreeSet::new();
    let mut waiting = vec![root.id.as_str()];
    while let Some(id) = waiting.pop() {
        if linked.insert(id) {
            let dependencies = nodes.get(id).into_iter().flat_map(|node| &node.deps);
            let is_linked = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
            waiting.extend(dependencies.filter(is_linked).map(|dependency| dependency.pkg.as_str()));
        }
    }
    let components: Vec<Value> = metadata
        .packages
        .iter()
        .filter(|package| linked.contains(package.id.as_str()))
        .map(|package| {
            let SbomPackage { name, version, license, .. } = package;
            let licenses: Vec<Value> = license.iter().map(|license| json!({"expression": license})).collect();
            let purl = format!("pkg:cargo/{name}@{version}");
            json!({"type": "library", "name": name, "version": version, "purl": purl, "licenses": licenses})
        })
        .collect();
    Ok(json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}))
}
