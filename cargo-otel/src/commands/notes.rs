//! The crates that were not instrumented, after a build.

use std::process::ExitStatus;

use anyhow::{Result, bail};

use super::install;
use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints a line for each crate of the project that was not instrumented, and for each pattern without a function. `status` is
/// that of the build. If `is_quiet`, only warnings.
///
/// # Errors
///
/// A pattern without a function is an error with `--strict`.
pub(super) fn print(preparation: &Preparation, status: ExitStatus, is_quiet: bool) -> Result<()> {
    let state = &preparation.state;
    // After a failure, some crates may not have been compiled: nothing follows from a missing one.
    for pattern in state.functions.unmatched(&state.found()).filter(|_| status.success()) {
        let text = format!("no function of the built crates got spans by `--functions {pattern}`");
        if state.is_strict {
            bail!(text);
        }
        output::warning(format_args!("{text}"));
    }
    if preparation.is_install {
        return if status.success() { install::print_notes(state, is_quiet) } else { Ok(()) };
    }
    if state.is_strict {
        // The wrapper has refused the crates of this build: the notes are of others, such as members of the workspace.
        return Ok(());
    }
    for package in &preparation.packages {
        let (name, version) = (&package.name, package.version.to_string());
        let Some(note) = state.get_note(name, &version) else { continue };
        let (reason, messages) = note.split_once('\n').unwrap_or((&note, ""));
        let more =
            if messages.is_empty() { String::new() } else { format!(" {}", state.note(name, &version).display()) };
        line(&package.title(), &format!("{reason}{more}"), is_quiet);
    }
    Ok(())
}

/// Prints the reason why a crate, a name and a version, was not instrumented.
pub(super) fn line(title: &str, reason: &str, is_quiet: bool) {
    let name = title.split(' ').next().unwrap_or(title);
    if !matches!(Recipe::of(name), Some(Recipe::Share(_))) {
        output::warning(format_args!("{title} is not instrumented: {reason}"));
    } else if !is_quiet {
        output::status("Separate", format_args!("{title}: {reason}"));
    }
}
