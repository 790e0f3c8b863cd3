//! `cargo otel`: builds and runs an application with OpenTelemetry, without a change of its sources, its manifest or its
//! lock file.
//!
//! One program in three roles. As `cargo otel …` it calls cargo, with itself as the
//! [compiler's wrapper](https://doc.rust-lang.org/cargo/reference/config.html#buildrustc-wrapper). As the wrapper it
//! passes every call on to the compiler, but gives the compiler other sources for each crate that has a recipe. As the
//! [runner](https://doc.rust-lang.org/cargo/reference/config.html#targettriplerunner) it starts what was built.
//!
//! | module | one idea |
//! |---|---|
//! | `commands` | the commands of a user |
//! | `wrapper` | the program as the compiler's wrapper, called by cargo once per crate |
//! | `weave` | a copy of a crate, with the edits of its recipe |
//! | `functions` | a copy of a crate of the application, with the attribute on selected functions |
//! | `recipe` | the crates that are changed, and their edits: data |
//! | `runtime` | the library that is linked in, built once per toolchain and target |
//! | `project` | facts of the user's project, from cargo |
//! | `state` | the state that the three roles share, in the target folder |
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal: it prints")]

mod commands;
mod functions;
mod output;
mod project;
mod recipe;
mod runtime;
mod state;
mod weave;
mod wrapper;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

use commands::program;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    // Cargo calls a subcommand with its name, and a wrapper with the compiler's path.
    let result = match arguments.split_first() {
        Some((name, rest)) if name == "otel" => commands::run(rest),
        Some((name, rest)) if name == program::RUNNER => program::run(rest),
        // Behind `cargo otel env`, a user may call this program by its name as well.
        Some((name, _)) if state::State::is_in_environment() && !commands::is_command(name) => wrapper::run(&arguments),
        _ => commands::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        output::error(format_args!("{error:#}"));
        ExitCode::FAILURE
    })
}
