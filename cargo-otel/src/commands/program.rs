//! Programs that cargo has built and is about to start.
//!
//! This program is cargo's [runner](https://doc.rust-lang.org/cargo/reference/config.html#targettriplerunner), in front of the
//! user's own. It undoes the variables of the instrumented build: a program may call cargo itself, and a test often does.
//!
//! The program of `cargo run` is only recorded. The front end starts it after cargo's end, in place of itself, so that
//! failures and notes of the instrumentation are printed before, and signals reach the program directly. Where this program
//! cannot be the runner, the front end calls `cargo build` and then `cargo run` for the same reason.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::inbox::Inbox;
use super::{plain, shell};
use crate::project::Config;
use crate::state::variable;

/// The first argument of this program as a runner. The second one is the target.
pub(crate) const RUNNER: &str = "start-built-program";

/// The user's own runner of each target. Empty if cargo would start the programs itself.
pub(super) type Runners = BTreeMap<String, Vec<OsString>>;

/// A program that cargo would have started.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Program {
    arguments: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// The user's runners of these targets. None of the targets if this program cannot be a runner: cargo splits its path at
/// spaces, or prefers a runner of the command line.
pub(super) fn runners(config: &Config, targets: &[String], rustc: &Path) -> Runners {
    let has_spaces = env::current_exe().is_ok_and(|this| this.to_string_lossy().contains(char::is_whitespace));
    if has_spaces || targets.iter().any(|target| config.has_option(&["target", target, "runner"])) {
        return Runners::new();
    }
    targets.iter().map(|target| (target.clone(), config.runner(target, rustc))).collect()
}

/// The variables that make this program the runner.
pub(super) fn variables(runners: &Runners) -> Result<Vec<(String, OsString)>> {
    let this = env::current_exe().context("this program has no path")?;
    let mut variables = vec![(variable::RUNNERS.to_owned(), serde_json::to_string(runners)?.into())];
    for target in runners.keys() {
        let mut runner = this.clone().into_os_string();
        runner.push(format!(" {RUNNER} {target}"));
        variables.push((variable_of(target), runner));
    }
    Ok(variables)
}

/// The names of the variables for these targets.
pub(super) fn names(runners: &Runners) -> impl Iterator<Item = String> {
    runners.keys().map(|target| variable_of(target))
}

fn variable_of(target: &str) -> String {
    Config::variable_of(&["target", target, "runner"])
}

/// The user's runners, in a process of an instrumented build.
pub(super) fn runners_in_environment() -> Runners {
    let runners = env::var(variable::RUNNERS).ok();
    runners.and_then(|runners| serde_json::from_str(&runners).ok()).unwrap_or_default()
}

/// Starts a program for cargo, or records it. `arguments` are those behind [`RUNNER`].
pub(crate) fn run(arguments: &[OsString]) -> Result<ExitCode> {
    let (target, command) = arguments.split_first().context("no target")?;
    let runner = target.to_str().and_then(|target| runners_in_environment().remove(target)).unwrap_or_default();
    let program = Program {
        arguments: runner.into_iter().chain(command.iter().cloned()).collect(),
        environment: shell::environment_of_user(),
    };
    let Some(file) = env::var_os(variable::PROGRAM) else { return program.start() };
    let file = Path::new(&file);
    // Whoever stopped the front end during the build could not stop the program.
    if !Inbox::is_open(file) {
        bail!("`cargo otel run` was stopped: the program does not start");
    }
    // A program that cannot be recorded is started: a full disk is no reason not to.
    if is_awaited() && program.record(file).is_ok() { Ok(ExitCode::SUCCESS) } else { program.start() }
}

/// Returns `true` if the front end waits for this very process: cargo replaces itself by the runner. A build script may call
/// `cargo run`, too, with the same variables.
#[cfg(unix)]
fn is_awaited() -> bool {
    let front_end = env::var(variable::FRONT_END).ok().and_then(|id| id.parse().ok());
    front_end == Some(std::os::unix::process::parent_id())
}

/// Returns `true` if the front end waits for this very process, which cannot be found out here.
#[cfg(not(unix))]
fn is_awaited() -> bool {
    false
}

impl Program {
    /// Makes a `cargo run` record its program in `inbox`.
    pub(super) fn record_by(command: &mut Command, inbox: &Inbox) {
        command.env(variable::PROGRAM, inbox.path()).env(variable::FRONT_END, std::process::id().to_string());
    }

    fn record(&self, file: &Path) -> Result<()> {
        // Never a new file, which other users might read: the environment may hold secrets.
        Ok(File::options().write(true).open(file)?.write_all(&serde_json::to_vec(self)?)?)
    }

    /// Reads the recorded program, if there is one.
    pub(super) fn take(inbox: Inbox) -> Option<Self> {
        serde_json::from_slice(&inbox.take().ok()?).ok()
    }

    /// Starts the program in place of this process.
    pub(super) fn start(self) -> Result<ExitCode> {
        let mut arguments = self.arguments.into_iter();
        let mut command = Command::new(arguments.next().context("no program")?);
        command.args(arguments).env_clear().envs(self.environment);
        plain::replace(&mut command)
    }
}
