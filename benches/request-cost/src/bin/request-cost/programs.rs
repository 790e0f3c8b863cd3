//! The program that counts allocations.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use request_cost::measure::Result;

/// Builds the program with the features of this one.
pub(super) fn allocations() -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--package", "request-cost", "--bin", "allocations"]);
    for (feature, is_on) in [("others", cfg!(feature = "others")), ("viewer", cfg!(feature = "viewer"))] {
        if is_on {
            build.args(["--features", feature]);
        }
    }
    if !build.current_dir(env!("CARGO_MANIFEST_DIR")).status()?.success() {
        return Err("the program that counts allocations does not build".into());
    }
    let program = env::current_exe()?.with_file_name("allocations");
    if program.exists() { Ok(program) } else { Err("to be run with `--release`".into()) }
}
