//! The cost of `cargo otel` in the build of an application.
//!
//! Builds `examples/uninstrumented` from nothing: by `cargo build`, and by `cargo otel build` after its runtime. Prints
//! the seconds of processor time of each, the table of `docs/zero-code.md`. That takes minutes.
//!
//! ```text
//! cargo run -p compile-time --bin zero_code
//! ```

#![allow(clippy::print_stdout, reason = "prints its result")]

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use compile_time::processor_time;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    // Programs of one workspace are built into one folder.
    let programs = env::current_exe()?.parent().ok_or("no folder of programs")?.to_owned();
    measure(Command::new(env!("CARGO")).args(["build", "--package", "cargo-otel"]).current_dir(&workspace))?;

    let folder = workspace.join("target/zero-code");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let application = workspace.join("examples/uninstrumented");
    let in_application = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&application).env_remove("CARGO_INCREMENTAL");
        command.env("CARGO_TARGET_DIR", folder.join("target")).env("CARGO_OTEL_CACHE", folder.join("cache"));
        measure(&mut command)
    };
    let cargo = Path::new(env!("CARGO"));
    let cargo_otel = programs.join("cargo-otel");
    println!("| | seconds |\n|---|---|");
    println!("| `cargo build` | {:.0} |", in_application(cargo, &["build"])?);
    println!(
        "| `cargo otel setup`: the runtime, once per toolchain | {:.0} |",
        in_application(&cargo_otel, &["otel", "setup"])?
    );
    println!("| `cargo otel build`, with that runtime | {:.0} |", in_application(&cargo_otel, &["otel", "build"])?);
    Ok(())
}

/// Runs a command. Returns its seconds of processor time.
fn measure(command: &mut Command) -> Result<f64, Box<dyn Error>> {
    let before = processor_time()?;
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(processor_time()? - before)
}
