//! `cargo otel plan`: the crates that a build would instrument, before anything is built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use semver::Version;
use serde::Deserialize;

use super::preparation::Preparation;
use super::sbom;
use crate::functions::{self, Crate, Patterns};
use crate::project::{Arguments, cargo};
use crate::recipe::Recipe;
use crate::{runtime, weave};

/// Prints the plan, or with `--sbom` the contents of the runtime. Nothing is compiled: if the compiler refuses a woven copy,
/// only a build shows that, and compiles the crate as it is.
pub(super) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.has("--sbom", None) {
        return sbom::print(arguments);
    }
    let preparation = Preparation::new(arguments)?;
    preparation.refuse_if_instrumented()?;
    let mut plan = Plan::default();
    let copies = tempfile::tempdir()?;
    let packages = packages(arguments, &preparation)?;
    for package in &packages {
        plan.add(package, &packages, &preparation.state.functions, copies.path());
    }
    print!("{}", plan.text(&preparation));
    Ok(())
}

/// A package of the project.
struct PlannedPackage {
    name: String,
    version: Version,
    /// `None` if cargo knows no more than the lock file.
    details: Option<(PathBuf, BTreeSet<String>)>,
    /// Names and first files of its crates, if it belongs to the project.
    crates: Vec<(String, PathBuf)>,
}

/// The crates with a recipe, by the result that a build would have. Each line is a name and a version.
#[derive(Default)]
struct Plan {
    /// Compiled from a copy with edits.
    woven: Vec<String>,
    /// Replaced by a re-export of the runtime's copy.
    shared: Vec<String>,
    /// Compiled as they are, each with the reason.
    separate: Vec<String>,
    functions: Vec<String>,
}

impl Plan {
    /// Sorts a package into the plan. A package without a recipe is not part of it.
    ///
    /// Without details the check is weaker: the version is known from the lock file, but neither the sources nor the
    /// features.
    fn add(&mut self, package: &PlannedPackage, packages: &[PlannedPackage], patterns: &Patterns, copies: &Path) {
        self.functions.extend(functions(package, patterns));
        let title = format!("{} {}", package.name, package.version);
        let refusal = match Recipe::of(&package.name) {
            None => return,
            Some(Recipe::Weave(recipe)) => {
                let folder = package.details.as_ref().map(|(folder, _)| folder);
                let other = recipe.other(packages.iter().map(|package| package.name.as_str()));
                let refusal = match folder {
                    _ if other.is_some() => other.map(|other| format!("{other} records its calls")),
                    Some(folder) => try_weave(recipe, package, folder, copies),
                    None if recipe.versions.matches(&package.version) => None,
                    None => Some(format!("the recipe is for versions {}", recipe.versions)),
                };
                if refusal.is_none() {
                    self.woven.push(title.clone());
                }
                refusal
            }
            Some(Recipe::Share(share)) => {
                let none = BTreeSet::new();
                let features = package.details.as_ref().map_or(&none, |(_, features)| features);
                let ours = runtime::locked_version(&share.name);
                let refusal = ours.and_then(|ours| share.refusal(&package.version, features, &ours));
                if refusal.is_none() {
                    self.shared.push(title.clone());
                }
                refusal
            }
        };
        self.separate.extend(refusal.map(|reason| format!("{title}: {reason}")));
    }

    /// The plan as the user reads it:
    ///
    /// ```text
    /// instrumented
    ///   actix-web 4.11.0
    /// shared with the runtime
    ///   opentelemetry 0.31.0
    /// left alone
    ///   log 0.4.20: …
    /// runtime
    ///   will be built for x86_64-unknown-linux-gnu, in …
    /// target folder
    ///   …/target/otel
    /// ```
    fn text(&self, preparation: &Preparation) -> String {
        let mut text = String::new();
        let mut section = |title: &str, lines: &[String]| {
            text.push_str(title);
            text.push('\n');
            for line in lines {
                text.push_str("  ");
                text.push_str(line);
                text.push('\n');
            }
        };
        let none = ["nothing".to_owned()];
        let or_none = |lines: &[String]| if lines.is_empty() { none.to_vec() } else { lines.to_vec() };
        section("instrumented", &or_none(&self.woven));
        section("shared with the runtime", &or_none(&self.shared));
        if !preparation.state.functions.is_empty() {
            section("functions with spans", &or_none(&self.functions));
        }
        if !self.separate.is_empty() {
            section("left alone", &self.separate);
        }
        let runtimes: Vec<String> = preparation
            .targets
            .iter()
            .map(|target| match preparation.state.runtimes.libraries(target) {
                Some(folder) => folder.display().to_string(),
                None => format!("will be built for {target}, in {}", preparation.state.runtimes.folder().display()),
            })
            .collect();
        section("runtime", &runtimes);
        section("target folder", &[preparation.folders.target.display().to_string()]);
        text
    }
}

/// The functions of a package that would get spans.
fn functions(package: &PlannedPackage, patterns: &Patterns) -> BTreeSet<String> {
    let Some((folder, _)) = &package.details else { return BTreeSet::new() };
    let of_crate = |(name, root): &(String, PathBuf)| {
        let patterns = patterns.of_crate(name);
        let of = Crate { name, package: folder, root: root.strip_prefix(folder).ok()? };
        let selected = if patterns.is_empty() { return None } else { functions::select(of, &patterns) };
        // A build reports the error.
        selected.ok().map(|selected| selected.functions)
    };
    package.crates.iter().filter_map(of_crate).flatten().collect()
}

/// Weaves a crate, to check that it can be woven. Returns the reason if it cannot.
fn try_weave(recipe: &crate::recipe::Weave, package: &PlannedPackage, folder: &Path, copies: &Path) -> Option<String> {
    let copy = copies.join(&package.name);
    weave::weave(recipe, &package.version, folder, &copy).err().map(|error| format!("{error:#}"))
}

/// The parts of the output of
/// [`cargo metadata`](https://doc.rust-lang.org/cargo/commands/cargo-metadata.html) that the plan needs.
#[derive(Deserialize)]
struct PlanMetadata {
    packages: Vec<MetadataPackage>,
    resolve: PlanResolve,
}

#[derive(Deserialize)]
struct MetadataPackage {
    id: String,
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

/// The graph of dependencies, after cargo chose their features.
#[derive(Deserialize)]
struct PlanResolve {
    nodes: Vec<PlanNode>,
}

#[derive(Deserialize)]
struct PlanNode {
    id: String,
    features: BTreeSet<String>,
}

/// The packages, with folders and features if the lock file is up to date and the sources are there.
fn packages(arguments: &Arguments, preparation: &Preparation) -> Result<Vec<PlannedPackage>> {
    let mut command = cargo();
    command.args(["metadata", "--locked", "--format-version", "1"]);
    for target in &preparation.targets {
        command.args(["--filter-platform", target]);
    }
    for option in ["--manifest-path", "--config", "--features"] {
        command.args(arguments.values(option).iter().flat_map(|value| [option, value]));
    }
    let output = command.output()?;
    if !output.status.success() {
        let locked = preparation.packages.iter();
        return Ok(locked
            .map(|package| PlannedPackage {
                name: package.name.clone(),
                version: package.version.clone(),
                details: None,
                crates: Vec::new(),
            })
            .collect());
    }
    let metadata: PlanMetadata = serde_json::from_slice(&output.stdout)?;
    let features: BTreeMap<String, BTreeSet<String>> =
        metadata.resolve.nodes.into_iter().map(|node| (node.id, node.features)).collect();
    let used = metadata.packages.into_iter().filter_map(|package| {
        // The dependencies of other platforms are not part of the graph.
        let features = features.get(&package.id)?.clone();
        let folder = package.manifest_path.parent()?.to_owned();
        let targets = package.targets.into_iter().filter(|target| {
            package.source.is_none() && !target.kind.iter().any(|kind| kind == "proc-macro" || kind == "custom-build")
        });
        let crates = targets.map(|target| (target.name.replace('-', "_"), target.src_path)).collect();
        Some(PlannedPackage { name: package.name, version: package.version, details: Some((folder, features)), crates })
    });
    Ok(used.collect())
}
