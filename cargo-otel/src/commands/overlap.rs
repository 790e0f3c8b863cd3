//! Crates of the application that record the same requests and calls as woven ones.

use crate::project::Package;
use crate::recipe::{Recipe, Weave};

/// A crate that stays as it is, because another one records its calls.
#[derive(Clone, Debug)]
pub(super) struct LeftAlone {
    pub(super) name: String,
    /// Name and version of the crate, and the reason.
    pub(super) line: String,
}

/// The crates among `packages` that stay as they are.
pub(super) fn left_alone(packages: &[Package]) -> Vec<LeftAlone> {
    let of_package = |package: &Package| {
        let other = weave(package)?.other(names(packages))?;
        let line = format!("{}: {other} records its calls", package.title());
        Some(LeftAlone { name: package.name.clone(), line })
    };
    packages.iter().filter_map(of_package).collect()
}

/// Sentences about crates that record the same requests as a woven one, which then have two spans each.
pub(super) fn recorded_twice(packages: &[Package]) -> Vec<String> {
    let all_are_there =
        |names_of_one: &&Vec<String>| names_of_one.iter().all(|name| names(packages).any(|package| package == name));
    let of_package = |package: &Package| {
        let others = weave(package)?.doubled_by.iter().filter(all_are_there).filter_map(|others| others.first());
        let title = package.title();
        Some(others.map(move |other| format!("{title}: {other} records its requests, too")).collect::<Vec<_>>())
    };
    packages.iter().filter_map(of_package).flatten().collect()
}

fn weave(package: &Package) -> Option<&'static Weave> {
    match Recipe::of(&package.name)? {
        Recipe::Weave(weave) => Some(weave),
        Recipe::Share(_) => None,
    }
}

fn names(packages: &[Package]) -> impl Iterator<Item = &str> {
    packages.iter().map(|package| package.name.as_str())
}
