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

/// `None` if it is missing, and not required.
///
/// # Errors
///
/// If it is missing, and `REQUIRE_PYTHON` is set.
pub(crate) fn find() -> Result<Option<Environment>, Failure> {
    // Cargo's folder for tests is `tmp` in the target folder.
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("python");
    let wanted = fs::read(folder().join("requirements.txt"))?;
    let current = fs::read(venv.join("requirements.txt")).is_ok_and(|installed| installed == wanted);
    let python = venv.join("bin").join("python");
    match current.then(|| rotel(&venv)).flatten() {
        Some(rotel) => Ok(Some(Environment { python, rotel })),
        None if env::var_os("REQUIRE_PYTHON").is_some() => {
            Err(format!("{} is missing or out of date: run tests/collector/setup", venv.display()).into())
        }
        None => {
            #[allow(clippy::print_stderr, reason = "a test that does nothing says so")]
            {
                eprintln!("skipped: {} is missing or out of date; tests/collector/setup makes it", venv.display());
            }
            Ok(None)
        }
    }
}

/// The collector, which its package keeps beside its Python modules.
fn rotel(venv: &Path) -> Option<PathBuf> {
    let versions = fs::read_dir(venv.join("lib")).ok()?;
    let agents = versions.flatten().map(|version| version.path().join("site-packages/rotel/rotel-agent"));
    agents.into_iter().find(|agent| agent.is_file())
}
