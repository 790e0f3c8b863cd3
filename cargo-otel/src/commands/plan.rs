//! `cargo otel plan`: the crates that a build would instrument, before anything is built.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::preparation::Preparation;
use super::{overlap, sbom};
use crate::functions::{self, Crate, Patterns};
use crate::project::{AllSources, Arguments, Package, Sources};
use crate::recipe::Recipe;
use crate::{runtime, weave};

/// Prints the plan, or with `--sbom` the contents of the runtime. Nothing is compiled: if the compiler refuses a woven copy,
/// only a build shows that, and compiles the crate as it is.
pub(super) fn run(arguments: &Arguments) -> Result<()> {
    if arguments.has("--sbom", None) {
        return sbom::print(arguments);
    }
    let preparation = Preparation::new(arguments)?.with_packages(arguments, true)?;
    let sources = AllSources::find(arguments, &preparation.targets)?;
    let mut plan = Plan { twice: overlap::recorded_twice(&preparation.packages), ..Plan::default() };
    plan.separate.extend(preparation.left_alone.iter().map(|left| left.line.clone()));
    let copies = tempfile::tempdir()?;
    for package in &preparation.packages {
        let sources = sources.of(package).with_context(|| format!("cargo finds no sources of {}", package.title()))?;
        plan.functions.extend(functions(sources, &preparation.state.functions));
        if preparation.left_alone.iter().all(|left| left.name != package.name) {
            plan.add(package, &sources.folder, copies.path());
        }
    }
    print!("{}", plan.text(&preparation));
    Ok(())
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
    /// Instrumented beside a crate that records the same requests.
    twice: Vec<String>,
    functions: BTreeSet<String>,
}

impl Plan {
    /// Sorts a package into the plan. A package without a recipe is not part of it.
    fn add(&mut self, package: &Package, folder: &Path, copies: &Path) {
        let (refusal, instrumented) = match Recipe::of(&package.name) {
            None => return,
            Some(Recipe::Weave(recipe)) => {
                let woven = weave::weave(recipe, &package.version, folder, &copies.join(&package.name));
                (woven.err().map(|error| format!("{error:#}")), &mut self.woven)
            }
            Some(Recipe::Share(share)) => {
                let ours = runtime::locked_version(&share.name);
                (ours.and_then(|ours| share.refusal(&package.version, &package.features, &ours)), &mut self.shared)
            }
        };
        match refusal {
            None => instrumented.push(package.title()),
            Some(reason) => self.separate.push(format!("{}: {reason}", package.title())),
        }
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
            section("functions with spans", &or_none(&Vec::from_iter(self.functions.clone())));
        }
        if !self.separate.is_empty() {
            section("left alone", &self.separate);
        }
        if !self.twice.is_empty() {
            section("recorded twice", &self.twice);
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
fn functions(sources: &Sources, patterns: &Patterns) -> BTreeSet<String> {
    let of_crate = |(name, root): &(String, PathBuf)| {
        let patterns = patterns.of_crate(name);
        let of = Crate { name, package: &sources.folder, root: root.strip_prefix(&sources.folder).ok()? };
        let selected = if patterns.is_empty() { return None } else { functions::select(of, &patterns) };
        // A build reports the error.
        selected.ok().map(|selected| selected.functions)
    };
    sources.crates.iter().filter_map(of_crate).flatten().collect()
}
