//! `cargo otel run`, `build`, `test` and the like.

use std::fs;
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context as _, Result};

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
    let file = |name: &str| folder.join(format!("{name}-{}", std::process::id()));
    let (failures, program) = (file("failures"), file("program"));
    preparation.state.failures = Some(failures.clone());
    preparation.state.remove_passing();

    let build = if preparation.is_install { install::forced(arguments)? } else { arguments.clone() };
    let build = preparation.folders.add_option(build.without("--target-dir"));
    let mut command = cargo();
    command.args(build.for_cargo()).envs(preparation.variables()?).envs(viewer::variable(arguments));
    if arguments.is_run() && preparation.can_record() {
        Program::record_by(&mut command, &program);
    }
    let status = command.status().context("cargo cannot be called")?;
    let broken = State::take_failures(&failures);
    let program = Program::take(&program);
    if !status.success() {
        preparation.folders.keep();
    }
    if !status.success() && !broken.is_empty() {
        return plain::check(arguments, &preparation, status, &broken);
    }
    notes::print(&preparation, status, is_quiet)?;
    match program {
        Some(program) if status.success() => program.start(),
        _ => Ok(code(status)),
    }
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
