//! The rules: imports lead to lower floors, and not in a circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::imports::{Imports, Path};

/// A crate, as its modules and the modules from which they import.
#[derive(Debug, Default)]
pub(crate) struct Modules(BTreeMap<Path, BTreeSet<Path>>);

impl Modules {
    /// Reads source files, named by their paths below `src`.
    pub(crate) fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut sources: BTreeMap<Path, Imports> =
            files.into_iter().map(|(name, source)| (module(name), Imports::of(source))).collect();
        let of_tests: Vec<Path> = sources
            .iter()
            .flat_map(|(module, imports)| imports.test_modules.iter().map(|name| joined(module, name)))
            .collect();
        sources.retain(|module, _| !of_tests.iter().any(|tests| module.starts_with(tests)));
        let imports = |module: &Path| {
            let Imports { paths, exports, .. } = &sources[module];
            let used = paths.iter().filter_map(|path| definition(&sources, module, path));
            // A module that shows the items of its parts does not build on them.
            let shown = exports
                .iter()
                .filter_map(|(_, path)| definition(&sources, module, path))
                .filter(|other| !other.starts_with(module));
            used.chain(shown).filter(|other| other != module).collect()
        };
        Self(sources.keys().map(|module| (module.clone(), imports(module))).collect())
    }

    /// Imports that lead to a floor that is not lower, and modules without a floor. Files of one top-level module may
    /// import each other.
    pub(crate) fn upward(&self, floors: &BTreeMap<String, u32>) -> Vec<String> {
        let mut faults = BTreeSet::new();
        for (module, imports) in &self.0 {
            let Some(top) = module.first() else { continue };
            let Some(floor) = floors.get(top) else {
                faults.insert(format!("{top} has no floor"));
                continue;
            };
            for import in imports {
                let Some(below) = import.first().filter(|other| *other != top) else { continue };
                if floors.get(below).is_some_and(|other| other >= floor) {
                    faults.insert(format!("{} imports from {}", module.join("::"), import.join("::")));
                }
            }
        }
        let tops: BTreeSet<&String> = self.0.keys().filter_map(|module| module.first()).collect();
        faults.extend(floors.keys().filter(|name| !tops.contains(name)).map(|name| format!("{name} does not exist")));
        faults.into_iter().collect()
    }

    /// The imports that are part of a circle of files: they lead back to the file that has them.
    pub(crate) fn circles(&self) -> Vec<String> {
        let name = |module: &Path| if module.is_empty() { "lib".to_owned() } else { module.join("::") };
        let imports = self.0.iter().flat_map(|(module, imports)| imports.iter().map(move |import| (module, import)));
        imports
            .filter(|(module, import)| self.reachable(import).contains(module))
            .map(|(module, import)| format!("{} imports from {}", name(module), name(import)))
            .collect()
    }

    /// The module, and those to which its imports lead.
    fn reachable<'a>(&'a self, module: &'a Path) -> BTreeSet<&'a Path> {
        let (mut seen, mut left) = (BTreeSet::from([module]), vec![module]);
        while let Some(next) = left.pop() {
            left.extend(self.0.get(next).into_iter().flatten().filter(|import| seen.insert(*import)));
        }
        seen
    }
}

/// The module that a file holds.
fn module(file: &str) -> Path {
    let mut path: Path = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| last == "mod") || path == ["lib"] {
        path.pop();
    }
    path
}

fn joined(module: &[String], name: &str) -> Path {
    module.iter().cloned().chain([name.to_owned()]).collect()
}

/// The module that defines what `path` means in `module`. `None` if that is another crate.
fn definition(sources: &BTreeMap<Path, Imports>, module: &Path, path: &[String]) -> Option<Path> {
    let mut at = module.clone();
    let mut rest = path;
    let starts_here = path.first().is_some_and(|first| sources.contains_key(&joined(module, first)));
    match path.first().map(String::as_str) {
        Some("crate") => {
            at.clear();
            rest = &rest[1..];
        }
        Some("self") => rest = &rest[1..],
        Some("super") => {
            while rest.first().is_some_and(|first| first == "super") {
                at.pop();
                rest = &rest[1..];
            }
        }
        _ if starts_here => {}
        _ => return None,
    }
    while let [first, after @ ..] = rest
        && sources.contains_key(&joined(&at, first))
    {
        at.push(first.clone());
        rest = after;
    }
    // The definition may be elsewhere: follow `pub use`. One that leads to itself names another crate.
    let export = |name: &String| sources.get(&at)?.exports.iter().find(|(export, _)| export == name);
    match rest.first().and_then(export) {
        Some((name, target)) if target.last() != Some(name) || target.len() > 1 => {
            let target: Path = target.iter().chain(&rest[1..]).cloned().collect();
            definition(sources, &at, &target).or(Some(at))
        }
        _ => Some(at),
    }
}
