//! The packages that a build compiles into its programs and libraries.

use std::collections::BTreeSet;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use semver::Version;

use super::{Arguments, cargo};

/// A package in a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Version,
    /// The features that are on.
    pub(crate) features: BTreeSet<String>,
}

impl Package {
    /// Name and version.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }
}

/// The selected packages and their dependencies, with the selected features, for the targets; without those of build scripts
/// and macros. [`cargo tree`](https://doc.rust-lang.org/cargo/commands/cargo-tree.html) chooses them as the build does, which
/// `cargo metadata` does not: its features are those of all members together.
///
/// Writes the lock file if it is missing or not up to date, as the build would do, unless `is_locked`.
///
/// # Errors
///
/// If cargo cannot choose the packages. It prints the reason.
pub(crate) fn packages(arguments: &Arguments, targets: &[String], is_locked: bool) -> Result<Vec<Package>> {
    let edges = if arguments.has_dev_dependencies() { "normal,dev,no-proc-macro" } else { "normal,no-proc-macro" };
    let mut command = cargo();
    command.args(["tree", "--prefix", "none", "--format", "{f}\t{p}", "--edges", edges]).args(arguments.selection());
    command.args(targets.iter().flat_map(|target| ["--target", target]));
    if is_locked && !arguments.has("--locked", None) {
        command.arg("--locked");
    }
    // An `env` is for commands that may select any package.
    if arguments.command() == Some("env") && !arguments.has_packages() {
        command.arg("--workspace");
    }
    let output = command.stderr(Stdio::inherit()).output().context("cargo cannot be called")?;
    if !output.status.success() {
        bail!("cargo cannot choose the packages; its message is above");
    }
    let mut packages = Vec::new();
    for package in String::from_utf8_lossy(&output.stdout).lines().filter_map(package) {
        if !packages.contains(&package) {
            packages.push(package);
        }
    }
    Ok(packages)
}

/// A line of `cargo tree`: `default,std<TAB>log v0.4.29 (*)`.
fn package(line: &str) -> Option<Package> {
    let (features, rest) = line.split_once('\t')?;
    let mut words = rest.split(' ');
    let name = words.next()?.to_owned();
    let version = words.next()?.strip_prefix('v')?.parse().ok()?;
    let features = features.split(',').filter(|feature| !feature.is_empty()).map(str::to_owned).collect();
    Some(Package { name, version, features })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_package() {
        let title = |line| package(line).map(|package| (package.title(), package.features.into_iter().collect()));
        let expected = |title: &str, features: &[&str]| {
            Some((title.to_owned(), features.iter().map(|&feature| feature.to_owned()).collect::<Vec<_>>()))
        };
        assert_eq!(title("default,std\tlog v0.4.29 (*)"), expected("log 0.4.29", &["default", "std"]));
        assert_eq!(title("\tapp v0.1.0-rc.1+x (/a b\tc)"), expected("app 0.1.0-rc.1+x", &[]));
        assert_eq!(title(""), None);
    }
}
