//! The lines before a build: which crates will be instrumented.

use anyhow::{Result, bail};

use super::overlap;
use super::preparation::Preparation;
use crate::output;
use crate::recipe::Recipe;

/// Prints what is instrumented, in one line, and a line for each crate that another one makes superfluous. If `is_quiet`, only
/// warnings.
///
/// # Errors
///
/// With `--strict`: an application without a server, or one whose requests would be recorded twice.
pub(super) fn print(preparation: &Preparation, is_quiet: bool) -> Result<()> {
    let Preparation { packages, left_alone, state, .. } = preparation;
    if preparation.is_install {
        // `cargo install` chooses them later.
        return Ok(());
    }
    let refuse = |text: &str| {
        if state.is_strict {
            bail!("{text}");
        }
        output::warning(format_args!("{text}"));
        Ok(())
    };
    if !packages.iter().any(|package| package.name == "actix-web") {
        return refuse("nothing serves requests here: no selected package depends on actix-web");
    }
    let woven: Vec<String> = packages
        .iter()
        .filter(|package| matches!(Recipe::of(&package.name), Some(Recipe::Weave(_))))
        .filter(|package| left_alone.iter().all(|left| left.name != package.name))
        .map(|package| format!("{} {}", package.name, package.version))
        .collect();
    if !is_quiet {
        let functions = &state.functions;
        let functions = if functions.is_empty() { String::new() } else { format!(", functions {functions}") };
        output::status("Instrumenting", format_args!("{}{functions}", woven.join(", ")));
        for left in left_alone {
            output::status("Skipping", format_args!("{}", left.line));
        }
    }
    overlap::recorded_twice(packages)
        .iter()
        .try_for_each(|line| refuse(&format!("{line}: each has two SERVER spans. Take out one of the two")))
}
