//! The program as the compiler's wrapper.
//!
//! Whatever goes wrong here, the crate is compiled as it is, with a message to the user: an application never fails to
//! build because of its telemetry, unless `--strict` asks for that.

mod compiler;
mod dep_info;
mod functions;
mod refusal;
mod unit;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{ExitCode, ExitStatus};

use anyhow::{Context as _, Result, bail};

use crate::project::Network;
use crate::recipe::{Recipe, Share, Weave};
use crate::runtime::{self, Runtime};
use crate::state::{State, variable};
use crate::{output, weave};
use refusal::Refusal;
use unit::Unit;

/// Compiles a crate for cargo. `command` is the compiler and its arguments.
pub(crate) fn run(command: &[OsString]) -> Result<ExitCode> {
    let state = match State::from_environment() {
        Ok(state) => state,
        Err(error) if env::var_os(variable::STRICT).is_some_and(|value| !value.is_empty()) => return Err(error),
        Err(error) => {
            output::warning(format_args!("{error:#}; this build has no telemetry"));
            return Ok(code(compiler::call(command, None)?));
        }
    };
    let wrapper = state.next_wrapper.as_deref();
    let Some(unit) = Unit::of(command).filter(|unit| !state.is_cross || unit.target.is_some()) else {
        return Ok(code(compiler::call(command, wrapper)?));
    };
    if unit.crate_name() == "otel_actix" {
        // Usually the front end refuses it before the build, but an installation chooses its packages later.
        anyhow::bail!("this program is instrumented by `#[auto_instrument]` already: use plain `cargo`");
    }
    let target = unit.target.as_deref().unwrap_or(&state.host);
    let status = match unit.recipe() {
        Some(recipe) => change(&state, &unit, target, recipe)?,
        None if unit.is_of_project() => functions::compile(&state, &unit, target)?,
        // Crates above a woven one have to find the libraries that it was compiled against.
        None => compiler::call(&with_libraries(&unit.command, state.runtimes.libraries(target).as_deref()), wrapper)?,
    };
    if !status.success() && !compiler::is_stopped(status) {
        state.add_failure(&unit.package);
    }
    Ok(code(status))
}

/// Compiles a crate that has a recipe.
fn change(state: &State, unit: &Unit, target: &str, recipe: &Recipe) -> Result<ExitStatus> {
    let stamp = state.stamp(target);
    // Usually the runtime is there: `cargo otel` builds it ahead.
    let runtime = match state.runtime(compiler_of(unit), target, &Network::default()) {
        Ok(runtime) => runtime,
        Err(error) => return unchanged(state, unit, target, None, &Refusal::passing(&error)),
    };
    if state.left_alone.contains(&unit.package) {
        state.set_note(&unit.package, &unit.version.to_string(), None);
        return as_it_is(state, unit, target, Some(&stamp), &[]);
    }
    let copy = state.copy_of(&unit.id());
    let changed = match recipe {
        Recipe::Weave(recipe) => {
            weave::weave(recipe, &unit.version, &unit.folder, &copy).and_then(|()| woven(recipe, unit, &copy, &runtime))
        }
        Recipe::Share(share) => shared(share, unit, &copy, &runtime),
    };
    let changed = match changed {
        Ok(command) => command,
        Err(error) => return unchanged(state, unit, target, Some(&stamp), &error.into()),
    };
    match compiler::try_call(&with_libraries(&changed, Some(runtime.folder())), state.next_wrapper.as_deref())? {
        Ok(()) => {
            state.set_note(&unit.package, &unit.version.to_string(), Some(""));
            watch(unit, Some((&copy, &unit.folder)), Some(&stamp), &[]);
            Ok(ExitStatus::default())
        }
        Err(failure) => {
            let refusal = Refusal::of_compiler("it does not compile with instrumentation", &failure);
            unchanged(state, unit, target, Some(&stamp), &refusal)
        }
    }
}

/// The command that compiles a woven copy. Its messages name the files of the original.
fn woven(recipe: &Weave, unit: &Unit, copy: &Path, runtime: &Runtime) -> Result<Vec<String>> {
    let mut command = unit.moved_to(copy).context("its sources are not where they are expected")?;
    for name in &recipe.externs {
        command.extend(["--extern".to_owned(), format!("{name}={}", runtime.library(name, None)?.display())]);
    }
    command.push(format!("--remap-path-prefix={}={}", copy.display(), unit.folder.display()));
    Ok(command)
}

/// The command that compiles a re-export of the runtime's copy.
fn shared(share: &Share, unit: &Unit, folder: &Path, runtime: &Runtime) -> Result<Vec<String>> {
    let ours = runtime::locked_version(&share.name).context("the runtime has no such crate")?;
    if let Some(reason) = share.refusal(&unit.version, &unit.features(), &ours) {
        bail!("it stays separate: {reason}");
    }
    let file = folder.join("src").join("lib.rs");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(&file, &share.source)?;
    let mut command = unit.with_root(&file).context("its sources are not where they are expected")?;
    for name in &share.externs {
        let version = (!name.starts_with("otel_")).then_some(&ours);
        let library = runtime.library(name, version)?;
        let name = if version.is_some() { format!("__shared_{name}") } else { name.clone() };
        command.extend(["--extern".to_owned(), format!("{name}={}", library.display())]);
    }
    Ok(command)
}

/// Compiles a crate that cannot be changed as it is, and records the reason. Unless that is final, the next build compiles it
/// again.
fn unchanged(state: &State, unit: &Unit, target: &str, stamp: Option<&Path>, refusal: &Refusal) -> Result<ExitStatus> {
    let (name, version) = (&unit.package, unit.version.to_string());
    let (first, more) = refusal.reason.split_once('\n').unwrap_or((&refusal.reason, ""));
    let again = if refusal.is_final { "" } else { "; the next build tries it again" };
    let reason = [&*format!("{}{again}", first.trim_end_matches(':')), more].join("\n");
    state.set_note(name, &version, Some(reason.trim_end()));
    if state.is_strict {
        bail!("{name} {version} is not instrumented: {}", refusal.reason);
    }
    if state.failures.is_none() {
        // Without `cargo otel` as the front end, nothing prints the notes at the end.
        output::warning(format_args!("{name} {version} is not instrumented: {}", reason.trim_end()));
    }
    let passing = (!refusal.is_final).then(|| state.add_passing(&unit.id()));
    // A later build with `--strict` calls the wrapper again, which refuses the crate then.
    as_it_is(state, unit, target, passing.as_deref().or(stamp), &[variable::STRICT])
}

/// Compiles a crate as it is. It is compiled again when the stamp or a variable changes.
fn as_it_is(state: &State, unit: &Unit, target: &str, stamp: Option<&Path>, variables: &[&str]) -> Result<ExitStatus> {
    let command = with_libraries(&unit.command, state.runtimes.libraries(target).as_deref());
    let status = compiler::call(&command, state.next_wrapper.as_deref())?;
    if status.success() {
        watch(unit, None, stamp, variables);
    }
    Ok(status)
}

/// Makes cargo compile the crate again when its original files, the stamp, or variables that decide about it change: the
/// one of such crates, and the given ones.
fn watch(unit: &Unit, copy: Option<(&Path, &Path)>, stamp: Option<&Path>, variables: &[&str]) {
    let of_unit = if unit.recipe().is_some() { variable::LEFT_ALONE } else { variable::FUNCTIONS };
    let Some(file) = unit.dep_info().filter(|file| file.exists()) else { return };
    let variables = variables.iter().copied().chain([of_unit]);
    if let Err(error) = dep_info::rewrite(&file, copy, stamp, variables) {
        // The crate is compiled: that must not fail the build.
        output::warning(format_args!("a change of {} may go unnoticed: {error:#}", unit.package));
    }
}

/// Adds the folder in which the compiler looks for libraries that no `--extern` names.
fn with_libraries(command: &[String], folder: Option<&Path>) -> Vec<String> {
    let libraries = folder.map(|folder| ["-L".to_owned(), format!("dependency={}", folder.display())]);
    command.iter().cloned().chain(libraries.into_iter().flatten()).collect()
}

/// The compiler itself, if its path is known.
fn compiler_of(unit: &Unit) -> Option<&Path> {
    let compiler = unit.command.iter().take_while(|part| !part.starts_with('-')).last()?;
    let compiler = Path::new(compiler);
    compiler.is_absolute().then_some(compiler)
}

/// A wrapper that a signal ended fails as any other.
fn code(status: ExitStatus) -> ExitCode {
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
