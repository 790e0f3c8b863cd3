//! The commands of a user.

mod announcement;
mod build;
mod build_folder;
mod clean;
mod env;
mod folders;
mod inbox;
mod install;
mod notes;
mod overlap;
mod plain;
mod plan;
mod preparation;
pub(crate) mod program;
mod sbom;
mod setup;
mod shell;
mod targets;
mod viewer;

use std::ffi::{OsStr, OsString};
use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::project::{Arguments, Config};
use crate::state::State;

const HELP: &str = include_str!("help.txt");

/// Subcommands of this program alone.
const OWN: [&str; 5] = ["clean", "env", "help", "plan", "setup"];

/// Subcommands of cargo that build something.
// `nextest` and `tarpaulin` are programs of their own: they call cargo, and pass on the variables that this program sets.
const BUILDING: [&str; 14] = [
    "b",
    "bench",
    "build",
    "c",
    "check",
    "clippy",
    "install",
    "nextest",
    "r",
    "run",
    "rustc",
    "t",
    "test",
    "tarpaulin",
];

/// Returns `true` if a user may have written this first argument, not cargo, which calls a wrapper with a compiler's name.
pub(crate) fn is_command(argument: &OsStr) -> bool {
    let is_one =
        |name: &str| name.starts_with('-') || OWN.contains(&name) || BUILDING.contains(&name) && name != "rustc";
    argument.to_str().is_some_and(is_one)
}

/// Runs the command in the arguments behind `cargo otel`.
pub(crate) fn run(arguments: &[OsString]) -> Result<ExitCode> {
    if State::is_in_environment() {
        return shell::leave(arguments);
    }
    let arguments = without_aliases(arguments)?;
    let Some(command) = arguments.command() else {
        if arguments.has("--version", Some('V')) {
            println!("cargo-otel {}", env!("CARGO_PKG_VERSION"));
        } else {
            print!("{HELP}");
        }
        return Ok(ExitCode::SUCCESS);
    };
    if arguments.has("--help", Some('h')) {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.is_elsewhere() {
        bail!("cargo reads `-C` in front of the subcommand `otel`: `cargo -C DIR otel {command}`");
    }
    viewer::check(&arguments)?;
    match command {
        "help" => print!("{HELP}"),
        "plan" => plan::run(&arguments)?,
        "env" => env::run(&arguments)?,
        "setup" => setup::run(&arguments)?,
        "clean" => clean::run(&arguments)?,
        "install" if arguments.has("--list", None) => return plain::instead(&arguments),
        _ if BUILDING.contains(&command) => return build::run(&arguments),
        _ if command.starts_with('+') => {
            bail!("rustup reads `{command}` in front of the subcommand: `cargo {command} otel …`")
        }
        _ => bail!("`cargo {command}` builds nothing that could be instrumented; see `cargo otel help`"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Parses the arguments. Words of cargo's configuration take the place of an alias.
fn without_aliases(arguments: &[OsString]) -> Result<Arguments> {
    let mut line = arguments.to_vec();
    let mut seen = Vec::new();
    loop {
        let parsed = Arguments::parse(&line);
        let Some(command) = parsed.command().map(str::to_owned) else { return Ok(parsed) };
        // Cargo's own subcommands are no aliases, and an alias that stands for itself is an error of cargo's.
        if BUILDING.contains(&&*command) || OWN.contains(&&*command) || seen.contains(&command) {
            return Ok(parsed);
        }
        let words = Config::of(&std::env::current_dir()?, &parsed.values("--config")).alias(&command);
        if words.is_empty() {
            return Ok(parsed);
        }
        let at = parsed.command_at();
        line.splice(at..=at, words.into_iter().map(OsString::from));
        seen.push(command);
    }
}
