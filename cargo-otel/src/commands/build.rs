//! `cargo otel run`, `build`, `test` and the like.

use std::fs;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context as _, Result};

use super::inbox::{self, Inbox};
use super::preparation::Preparation;
use super::program::Program;
use super::{announcement, install, notes, plain, viewer};
use crate::output;
use crate::project::{Arguments, TooOld, cargo};
use crate::state::State;

/// Builds, and for `cargo otel run` starts the program, after the messages about the build.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let is_quiet = arguments.has("--quiet", Some('q'));
    let preparation = match Preparation::new(arguments) {
        Err(error) if error.is::<TooOld>() => return without_telemetry(arguments, error),
        preparation => preparation?,
    };
    let mut preparation = preparation.with_packages(arguments, false)?;
    announcement::print(&preparation, is_quiet)?;
    if let Err(error) = preparation.build_runtimes() {
        // Removes its temporary folder.
        drop(preparation);
        return without_telemetry(arguments, error);
    }
    let folder = &preparation.state.folder;
    fs::create_dir_all(folder)?;
    Inbox::remove_abandoned(folder);
    // Without the file, on a full disk for example, there is no check of a failed build.
    let failures = Inbox::create(folder, inbox::FAILURES).ok();
    let record = preparation.record(arguments);
    preparation.state.failures = failures.as_ref().map(|failures| failures.path().to_owned());
    preparation.state.remove_passing();

    // A program that cannot be recorded runs after a build of its own: the notes come before it.
    let is_built_before = arguments.is_run() && record.is_none();
    let build = match arguments.clone() {
        install if preparation.is_install => install::forced(&install)?,
        run if is_built_before => run.into_build(),
        build => build,
    };
    let mut command = with_variables(&preparation, arguments, build)?;
    if let Some(record) = &record {
        Program::record_by(&mut command, record);
    }
    let status = command.status().context("cargo cannot be called")?;
    let failures = failures.and_then(|failures| failures.take().ok()).unwrap_or_default();
    let broken = State::failures_in(&String::from_utf8_lossy(&failures));
    let program = record.and_then(Program::take);
    if !status.success() {
        preparation.folders.keep();
    }
    if !status.success() && !broken.is_empty() {
        return plain::check(arguments, &preparation, status, &broken);
    }
    notes::print(&preparation, status, is_quiet)?;
    match program {
        _ if !status.success() => Ok(code(status)),
        Some(program) => program.start(),
        None if is_built_before => {
            preparation.state.failures = None;
            plain::replace(&mut with_variables(&preparation, arguments, plain::quiet_run(arguments))?)
        }
        None => Ok(code(status)),
    }
}

/// The instrumented build of a command: the user's, or one in its place.
fn with_variables(preparation: &Preparation, of_user: &Arguments, arguments: Arguments) -> Result<Command> {
    let arguments = preparation.folders.add_option(arguments.without("--target-dir"));
    let mut command = cargo();
    command.args(arguments.for_cargo()).envs(preparation.variables()?).envs(viewer::variable(of_user));
    Ok(command)
}

/// Builds as plain cargo does, because there can be no runtime; with `--strict` returns the reason.
fn without_telemetry(arguments: &Arguments, error: anyhow::Error) -> Result<ExitCode> {
    if arguments.is_strict {
        return Err(error);
    }
    output::warning(format_args!("{error:#}; this build has no telemetry"));
    plain::instead(arguments)
}

pub(super) fn code(status: ExitStatus) -> ExitCode {
    // The exit code of a shell for a program that a signal ended.
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(128))
}
