//! The folder that `collector/setup` fills with the programs of these tests.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use examples::compare::Failure;

/// A Python with the official classes and the collector.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) python: PathBuf,
    pub(crate) rotel: PathBuf,
}

/// The scripts of these tests.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("collector")
}

/// Finds the folder.
///
/// # Errors
///
/// If it is missing or out of date.
pub(crate) fn find() -> Result<Environment, Failure> {
    // Cargo's folder for tests is `tmp` in the target folder.
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python");
    let wanted = fs::read(folder().join("requirements.txt"))?;
    let is_current = fs::read(venv.join("requirements.txt")).is_ok_and(|installed| installed == wanted);
    let python = venv.join("bin").join("python");
    let rotel = is_current.then(|| rotel(&venv)).flatten();
    let rotel =
        rotel.ok_or_else(|| format!("{} is missing or out of date: run tests/collector/setup", venv.display()))?;
    Ok(Environment { python, rotel })
}

/// The collector, which its package keeps beside its Python modules.
fn rotel(venv: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(venv.join("lib")).ok()?;
    let agents = versions.flatten().map(|version| version.path().join("site-packages/rotel/rotel-agent"));
    agents.into_iter().find(|agent| agent.is_file())
}
