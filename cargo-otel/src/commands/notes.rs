//! The crates that were not instrumented, after a build.

use anyhow::{Result, bail};

use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints a line for each crate of the project that was not instrumented, and for each pattern without a function. If
/// `is_quiet`, only warnings.
///
/// # Errors
///
/// A pattern without a function is an error with `--strict`.
pub(super) fn print(preparation: &Preparation, is_quiet: bool) -> Result<()> {
    let state = &preparation.state;
    for pattern in state.functions.unmatched(&state.found()) {
        let text = format!("no function of the built crates got spans by `--functions {pattern}`");
        if state.is_strict {
            bail!(text);
        }
        output::warning(format_args!("{text}"));
    }
    if state.is_strict {
        // The wrapper has refused the crates of this build: the notes are of others, such as members of the workspace.
        return Ok(());
    }
    for package in &preparation.packages {
        let (name, version) = (&package.name, package.version.to_string());
        let Some(note) = state.get_note(name, &version) else { continue };
        let (reason, messages) = note.split_once('\n').unwrap_or((&note, ""));
        if !matches!(Recipe::of(name), Some(Recipe::Share(_))) {
            let more =
                if messages.is_empty() { String::new() } else { format!(" {}", state.note(name, &version).display()) };
            output::warning(format_args!("{name} {version} is not instrumented: {reason}{more}"));
        } else if !is_quiet {
            output::status("Separate", format_args!("{name} {version}: {reason}"));
        }
    }
    Ok(())
}
