//! The crates that were not instrumented, after a build.

use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints a line for each crate of the project that was not instrumented.
pub(super) fn print(preparation: &Preparation) {
    for package in preparation.packages() {
        let Some(recipe) = Recipe::of(&package.name) else { continue };
        let Some(note) = preparation.state.get_note(&package.name, &package.version.to_string()) else { continue };
        let reason = note.lines().next().unwrap_or_default();
        match recipe {
            Recipe::Weave(_) => {
                output::warning(format_args!("{} {} is not instrumented: {reason}", package.name, package.version));
            }
            Recipe::Share(_) => {
                output::status("Separate", format_args!("{} {}: {reason}", package.name, package.version));
            }
        }
    }
}
