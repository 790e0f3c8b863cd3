//! Builds without instrumentation: in place of an instrumented build that is impossible, or to find the reason of a
//! failure.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context as _, Result};

use super::build::code;
use crate::output;
use crate::project::{Arguments, cargo};

/// Options of `cargo run` that have a value.
const WITH_VALUE: [&str; 17] = [
    "--artifact-dir",
    "--bin",
    "--color",
    "--config",
    "--example",
    "--features",
    "--jobs",
    "--lockfile-path",
    "--manifest-path",
    "--message-format",
    "--package",
    "--profile",
    "--target",
    "-C",
    "-F",
    "-Z",
    "-j",
];

/// Runs the command of the arguments with cargo alone.
pub(super) fn instead(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo();
    replace(command.args(&arguments.cargo))
}

/// After a crate did not compile: checks if it compiles without instrumentation.
pub(super) fn check(arguments: &Arguments, status: ExitStatus, broken: &BTreeSet<String>) -> Result<ExitCode> {
    let Some(command) = arguments.command().filter(|&command| command != "install") else { return Ok(code(status)) };
    let is_run = matches!(command, "run" | "r");
    let mut plain: Vec<OsString> = if is_run { build_of_run(arguments) } else { arguments.cargo.clone() };
    if matches!(command, "test" | "t" | "bench") {
        insert_behind_command(&mut plain, command, "--no-run");
    }
    let mut without = cargo();
    // Its messages are those of the instrumented build, which were printed before.
    let compiles = without.args(plain).stdout(Stdio::null()).stderr(Stdio::null()).status()?.success();
    if !compiles {
        return Ok(code(status));
    }
    let names = broken.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    if is_run && !arguments.is_strict {
        output::warning(format_args!(
            "instrumentation broke the build of {names}, which compiles without: please report the errors above. The \
             program runs without telemetry"
        ));
        return instead(arguments);
    }
    output::error(format_args!(
        "instrumentation broke the build of {names}, which compiles without: please report the errors above"
    ));
    Ok(ExitCode::FAILURE)
}

/// The `cargo build` that makes the program of a `cargo run`.
/// Options before the first argument of the program go along, with their values.
///
/// ```text
/// // Input:
/// +nightly run --release -p shop -- --port 80
/// // Output:
/// +nightly build --release -p shop
/// ```
pub(super) fn build_of_run(arguments: &Arguments) -> Vec<OsString> {
    let mut build: Vec<OsString> = Vec::new();
    let mut is_behind_command = false;
    let without_target_folder = arguments.without("--target-dir");
    let mut rest = without_target_folder.into_iter();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        if !is_behind_command && !text.starts_with(['-', '+']) {
            is_behind_command = true;
            build.push("build".into());
        } else if !text.starts_with('-') && is_behind_command || text == "--" {
            // The arguments of the program begin here.
            break;
        } else if WITH_VALUE.contains(&&*text) || text == "-p" {
            build.push(argument);
            build.extend(rest.next());
        } else {
            build.push(argument);
        }
    }
    build
}

/// The `cargo run` after its build, without the messages that the build has printed.
pub(super) fn quiet_run(arguments: &Arguments) -> Vec<OsString> {
    let mut run = arguments.without("--target-dir");
    let is_verbose = arguments.has("--verbose", "-v") || arguments.has("-vv", "-vvv");
    if !is_verbose && !arguments.has("--quiet", "-q") {
        insert_behind_command(&mut run, arguments.command().unwrap_or("run"), "--quiet");
    }
    run
}

/// Adds an option of the command. Options of cargo itself stand before the command.
fn insert_behind_command(arguments: &mut Vec<OsString>, command: &str, option: &str) {
    if let Some(at) = arguments.iter().position(|argument| argument == command) {
        arguments.insert(at + 1, option.into());
    }
}

/// Runs a command in place of this process.
#[cfg(unix)]
pub(super) fn replace(command: &mut Command) -> Result<ExitCode> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec()).context("cargo cannot be called")
}

/// Runs a command, and returns its exit code.
#[cfg(not(unix))]
pub(super) fn replace(command: &mut Command) -> Result<ExitCode> {
    Ok(code(command.status().context("cargo cannot be called")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_run_is_built_first() {
        let build = |line| build_of_run(&arguments(line));
        assert_eq!(build("run --bin shop -r -- --port 1"), ["build", "--bin", "shop", "-r"]);
        assert_eq!(build("r -p a --features x,y serve --port 1"), ["build", "-p", "a", "--features", "x,y"]);
        assert_eq!(build("+nightly run --target-dir t"), ["+nightly", "build"]);
    }

    #[test]
    fn what_was_said_by_the_build_is_not_said_again() {
        assert_eq!(quiet_run(&arguments("run --bin a -- -q")), ["run", "--quiet", "--bin", "a", "--", "-q"]);
        assert_eq!(quiet_run(&arguments("run -v")), ["run", "-v"]);
        assert_eq!(quiet_run(&arguments("run -q")), ["run", "-q"]);
    }
}
