//! Helpers shared by the workspace tests.

use std::{fs, path::Path, sync::OnceLock, time::Duration};

use examples::compare::{Failure, Programs, build};

/// The longest time of a test, including the build of the example programs.
const DEADLINE: Duration = Duration::from_secs(20 * 60);

/// Runs the future of a test, with the example programs built and current. Returns its output.
///
/// # Errors
///
/// If the test or the build fails.
pub fn with_programs<F, T>(test: impl FnOnce(Programs) -> F) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    static PROGRAMS: OnceLock<Result<Programs, String>> = OnceLock::new();

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let programs = PROGRAMS.get_or_init(|| runtime.block_on(build()).map_err(|failure| failure.to_string()));
    let test = test(programs.clone()?);
    runtime.block_on(async { tokio::time::timeout(DEADLINE, test).await? })
}

/// Reads `golden/<name>`.
///
/// # Errors
///
/// If there is no such file.
pub fn golden(name: &str) -> std::io::Result<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("golden").join(name))
}
