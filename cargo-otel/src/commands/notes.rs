//! The crates that were not instrumented, after a build.

use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints a line for each crate of the project that was not instrumented, and for each pattern without a function.
pub(super) fn print(preparation: &Preparation) {
    for pattern in preparation.state.functions.unmatched(&preparation.state.found()) {
        output::warning(format_args!("no function of the built crates got spans by `--functions {pattern}`"));
    }
    for package in preparation.packages() {
        let Some(note) = preparation.state.get_note(&package.name, &package.version.to_string()) else { continue };
        let reason = note.lines().next().unwrap_or_default();
        if let Some(Recipe::Share(_)) = Recipe::of(&package.name) {
            output::status("Separate", format_args!("{} {}: {reason}", package.name, package.version));
        } else {
            output::warning(format_args!("{} {} is not instrumented: {reason}", package.name, package.version));
        }
    }
}
