//! Builds without instrumentation: in place of an instrumented build that is impossible, or to find the reason of a
//! failure.

use std::collections::BTreeSet;
use std::process::{Command, ExitCode, ExitStatus, Stdio};

use anyhow::{Context as _, Result};

use super::build::code;
use super::preparation::Preparation;
use super::program::Program;
use crate::output;
use crate::project::{Arguments, cargo};

/// Runs the command of the arguments with cargo alone.
pub(super) fn instead(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = cargo();
    replace(command.args(arguments.for_cargo()))
}

/// After a crate did not compile: checks if it compiles without instrumentation.
pub(super) fn check(
    arguments: &Arguments,
    preparation: &Preparation,
    status: ExitStatus,
    broken: &BTreeSet<String>,
) -> Result<ExitCode> {
    let names = broken.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let record = preparation.record(arguments);
    let plain = without_running(arguments).filter(|_| record.is_some() || !arguments.is_run());
    let Some(plain) = plain else {
        let is_replaced = arguments.is_run() && !arguments.is_strict;
        output::warning(format_args!(
            "{names} did not compile. If `cargo {}` compiles without `otel`, please report the errors above{}",
            arguments.command().unwrap_or_default(),
            if is_replaced { ". It follows now: the program has no telemetry" } else { "" }
        ));
        return if is_replaced { instead(arguments) } else { Ok(code(status)) };
    };
    output::status("Checking", format_args!("if {names} compiles without `cargo otel`"));
    // The errors are those of the instrumented build, which were printed before: only cargo's progress is of interest.
    let plain = plain.without("--message-format").with_flag("--message-format=json");
    let mut without = cargo();
    without.args(plain.for_cargo()).stdout(Stdio::null());
    if let Some(record) = &record {
        Program::record_by(without.envs(preparation.runner_variables()?), record);
    }
    let is_broken = without.status().context("cargo cannot be called")?.success();
    let program = record.and_then(Program::take);
    if !is_broken {
        return Ok(code(status));
    }
    if arguments.is_run() && !arguments.is_strict {
        output::warning(format_args!(
            "instrumentation broke the build of {names}, which compiles without: please report the errors above. The \
             program runs without telemetry"
        ));
        return program.map_or_else(|| instead(arguments), Program::start);
    }
    output::error(format_args!(
        "instrumentation broke the build of {names}, which compiles without: please report the errors above"
    ));
    Ok(ExitCode::FAILURE)
}

/// A command that compiles as much as the user's, and runs nothing that it compiled: the program of `run` is recorded.
/// `None` if there is none: `nextest` and `tarpaulin` run the tests, `nextest --no-run` at least to list them, and `install` changes the installed
/// programs.
fn without_running(arguments: &Arguments) -> Option<Arguments> {
    match arguments.command()? {
        "test" | "t" | "bench" => Some(arguments.clone().with_flag("--no-run")),
        "run" | "r" | "build" | "b" | "check" | "c" | "clippy" | "rustc" => Some(arguments.clone()),
        _ => None,
    }
}

/// The `cargo run` after its build, without the messages that the build has printed.
pub(super) fn quiet_run(arguments: &Arguments) -> Arguments {
    let run = arguments.clone().without("--message-format");
    let has_volume = arguments.has("--verbose", Some('v')) || arguments.has("--quiet", Some('q'));
    if has_volume { run } else { run.with_flag("--quiet") }
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
    use std::ffi::OsString;

    use super::*;

    fn arguments(line: &str) -> Arguments {
        Arguments::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    fn line(arguments: &Arguments) -> String {
        arguments.for_cargo().map(|argument| argument.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_check_runs_nothing() {
        let check = |text| without_running(&arguments(text)).map(|arguments| line(&arguments));
        assert_eq!(check("run -r serve").as_deref(), Some("run -r serve"));
        assert_eq!(check("test name -- --ignored").as_deref(), Some("test --no-run name -- --ignored"));
        for unchecked in ["nextest run", "nextest list", "tarpaulin", "install shop"] {
            assert_eq!(check(unchecked), None);
        }
    }

    #[test]
    fn the_run_after_the_build_is_quiet() {
        let run = |text| line(&quiet_run(&arguments(text)));
        assert_eq!(run("run --bin a -- -q"), "run --quiet --bin a -- -q");
        assert_eq!(run("run --message-format json serve -v"), "run --quiet serve -v");
        assert_eq!(run("run -vv"), "run -vv");
        assert_eq!(run("run -rq"), "run -rq");
    }

    #[test]
    fn each_command_that_builds_can_be_checked_or_is_known_to_run() {
        for command in crate::commands::BUILDING {
            let is_checked = without_running(&arguments(command)).is_some();
            assert_eq!(is_checked, !["install", "nextest", "tarpaulin"].contains(&command), "{command}");
        }
    }
}
