//! `cargo otel run`, `build`, `test` and the like.

use std::fs;
use std::process::{Command, ExitCode, ExitStatus};

use anyhow::{Context as _, Result};

use super::preparation::Preparation;
use super::{announcement, notes, plain, viewer};
use crate::output;
use crate::project::{Arguments, cargo};
use crate::state::{State, variable};

/// Builds, and for `cargo otel run` starts the program.
///
/// A run is two calls of cargo. The first one builds, so that failures and notes of the instrumentation are printed before
/// the program prints anything; the second one finds everything built and replaces this process.
pub(super) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let is_quiet = arguments.has("--quiet", Some('q'));
    let mut preparation = Preparation::new(arguments)?.with_packages(arguments, false)?;
    announcement::print(&preparation, is_quiet)?;
    if let Err(error) = preparation.build_runtimes() {
        if arguments.is_strict {
            return Err(error);
        }
        output::warning(format_args!("{error:#}; this build has no telemetry"));
        // Removes its temporary folder.
        drop(preparation);
        return plain::instead(arguments);
    }
    let failures = preparation.state.folder.join(format!("failures-{}", std::process::id()));
    preparation.state.failures = Some(failures.clone());

    let build = preparation.folders.add_option(arguments.clone().without("--target-dir"));
    let build = if arguments.is_run() { build.into_build() } else { build };
    let mut command = cargo();
    command.args(build.for_cargo());
    let status = with_variables(&mut command, &preparation)?.status().context("cargo cannot be called")?;
    let broken = State::take_failures(&failures);
    if !status.success() && !broken.is_empty() {
        return plain::check(arguments, status, &broken);
    }
    notes::print(&preparation, is_quiet)?;
    if !arguments.is_run() || !status.success() {
        return Ok(code(status));
    }

    preparation.state.failures = None;
    let mut command = cargo();
    let run = preparation.folders.add_option(plain::quiet_run(arguments));
    command.args(run.for_cargo()).envs(viewer::variable(arguments));
    // Replaces this process: signals then reach the program directly.
    plain::replace(with_variables(&mut command, &preparation)?)
}

/// Sets the variables by which cargo calls this program as the compiler's wrapper, and in which the wrapper finds its state.
fn with_variables<'a>(command: &'a mut Command, preparation: &Preparation) -> Result<&'a mut Command> {
    fs::create_dir_all(&preparation.state.folder)?;
    Ok(command.env_remove(variable::FAILURES).envs(preparation.variables()?))
}

pub(super) fn code(status: ExitStatus) -> ExitCode {
    // The exit code of a shell for a program that a signal ended.
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(128))
}
