//! The attribute on every function of published crates.
//!
//! ```text
//! cargo run -p real-crates                        # the crates of `.ci/run`
//! cargo run -p real-crates -- h2 tower regex-automata
//! ```
//!
//! Copies the sources that Cargo has downloaded (a dependency of the workspace, or of any other project on this machine) and
//! inserts `#[auto_instrument]` by syntax. Short bodies are joined to one line first, in both copies. Then: the annotated
//! copy compiles, clippy says nothing about it that it does not say about the plain one, and its own unit tests pass, with
//! telemetry off and on. A crate that does not compile without the attribute has failed, because nothing can be compared. So
//! has one of the usual crates with unit tests whose tests do not run.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

mod check;
mod copy;
mod instrument;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Small, and of different styles: a parser with macros, asynchronous services, plain data. Most crates have their tests in
/// files that are no part of the published archive.
const USUAL: [&str; 4] = ["serde_json", "tower", "bytes", "httpdate"];

/// The usual crates with unit tests.
const TESTED: [&str; 2] = ["bytes", "httpdate"];

fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let names = if names.is_empty() { USUAL.map(str::to_owned).to_vec() } else { names };
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Ok(workspace) = workspace.canonicalize() else { return ExitCode::FAILURE };
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let mut failed = 0;
    for name in &names {
        match examine(name, &workspace, &target) {
            Ok(line) => println!("{name}: {line}"),
            Err(problem) => {
                println!("{name}: FAILED\n{problem}");
                failed += 1;
            }
        }
    }
    println!("{} of {} crates are as without the attribute", names.len() - failed, names.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn examine(name: &str, workspace: &Path, target: &Path) -> Result<String, String> {
    let sources = copy::sources(name).ok_or("Cargo has no sources of it: run `cargo fetch`")?;
    let text = |error: std::io::Error| error.to_string();
    let copies = copy::copy(&sources, workspace, &target.join("real-crates")).map_err(text)?;
    let plain = check::lint(&copies.plain, target).map_err(text)?;
    let new = check::lint(&copies.annotated, target).map_err(text)?.without(&plain);
    if new.count() > 0 {
        return Err(format!("{} new messages:\n{new}", new.count()));
    }
    let functions = copies.functions;
    let expected = match check::test(&copies.plain, target, false) {
        Ok(expected) => expected,
        Err(output) if TESTED.contains(&name) => return Err(format!("its tests do not run:\n{output}")),
        Err(_) => return Ok(format!("{functions} functions, no new warning; its tests do not run here")),
    };
    for (with_telemetry, setting) in [(false, "off"), (true, "on")] {
        let annotated = check::test(&copies.annotated, target, with_telemetry)?;
        let different = expected.different_in(&annotated);
        if !different.is_empty() {
            return Err(format!("telemetry {setting}: {annotated} instead of {expected}: {}", different.join(", ")));
        }
    }
    Ok(format!("{functions} functions, no new warning; telemetry off and on: {expected}"))
}
