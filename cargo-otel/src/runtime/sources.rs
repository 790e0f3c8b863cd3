//! The sources of the runtime, as `build.rs` puts them into this program.

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The source files of a package of this project: their names below its `src`, and texts.
pub(crate) fn of_package(package: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let prefix = format!("{package}/");
    FILES.iter().filter_map(move |(name, text)| Some((name.strip_prefix(&prefix)?, *text)))
}

/// A file beside the packages.
pub(super) fn file(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(file, _)| *file == name).map(|(_, text)| *text)
}
