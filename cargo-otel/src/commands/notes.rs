//! The crates that were not instrumented, after a build.

use anyhow::{Result, bail};

use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints a line for each crate of the project that was not instrumented, and for each pattern without a function.
///
/// # Errors
///
/// A pattern without a function is an error with `--strict`.
pub(super) fn print(preparation: &Preparation) -> Result<()> {
    for pattern in preparation.state.functions.unmatched(&preparation.state.found()) {
        let text = format!("no function of the built crates got spans by `--functions {pattern}`");
        if preparation.state.is_strict {
            bail!(text);
        }
        output::warning(format_args!("{text}"));
    }
    for package in &preparation.packages {
        let Some(note) = preparation.state.get_note(&package.name, &package.version.to_string()) else { continue };
        let (reason, messages) = note.split_once('\n').unwrap_or((&note, ""));
        if let Some(Recipe::Share(_)) = Recipe::of(&package.name) {
            output::status("Separate", format_args!("{} {}: {reason}", package.name, package.version));
        } else {
            let file = preparation.state.note(&package.name, &package.version.to_string());
            let more = if messages.is_empty() { String::new() } else { format!(" {}", file.display()) };
            output::warning(format_args!("{} {} is not instrumented: {reason}{more}", package.name, package.version));
        }
    }
    Ok(())
}
