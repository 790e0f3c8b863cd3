//! Crates of the application: with spans for the functions that `--functions` selects, else as they are.

use std::path::Path;
use std::process::ExitStatus;

use anyhow::{Context as _, Result};

use super::{Refusal, as_it_is, compiler, compiler_of, unchanged, unit::Unit, watch, with_libraries};
use crate::functions::{self, Crate, Patterns};
use crate::project::Network;
use crate::state::State;

/// The crate that the attribute names.
const AGENT: &str = "otel_agent";

/// Compiles a crate of the application.
pub(super) fn compile(state: &State, unit: &Unit, target: &str) -> Result<ExitStatus> {
    let patterns = state.functions.of_crate(unit.crate_name());
    let copy = state.copy_of(&unit.id());
    let annotated = if patterns.is_empty() { Ok(None) } else { annotated(state, unit, target, &patterns, &copy) };
    let refusal = match annotated {
        Ok(None) => {
            state.set_note(&unit.package, &unit.version.to_string(), None);
            return as_it_is(state, unit, target, None, &[]);
        }
        Ok(Some(command)) => match compiler::try_call(&command, state.next_wrapper.as_deref())? {
            Ok(()) => {
                state.set_note(&unit.package, &unit.version.to_string(), None);
                watch(unit, Some((&copy, &unit.folder)), Some(&state.stamp(target)), &[]);
                return Ok(ExitStatus::default());
            }
            Err(failure) => Refusal::of_compiler("functions do not compile with spans", &failure),
        },
        Err(refusal) => refusal,
    };
    state.set_found(&unit.id(), &[]);
    let stamp = state.runtimes.find(target).map(|_| state.stamp(target));
    unchanged(state, unit, target, stamp.as_deref(), &refusal)
}

/// The command that compiles a copy with spans; `None` if the crate has none of the functions.
fn annotated(
    state: &State,
    unit: &Unit,
    target: &str,
    patterns: &Patterns,
    copy: &Path,
) -> Result<Option<Vec<String>>, Refusal> {
    let runtime =
        state.runtime(compiler_of(unit), target, &Network::default()).map_err(|error| Refusal::passing(&error))?;
    let root = unit.root_in_package().context("its sources are not where they are expected")?;
    let this = Crate { name: unit.crate_name(), package: &unit.folder, root: &root };
    let selected = functions::select(this, patterns)?;
    state.set_found(&unit.id(), &selected.functions);
    if selected.functions.is_empty() {
        return Ok(None);
    }
    functions::write(this, &selected, copy)?;
    let mut command = unit.moved_to(copy).context("its sources are not where they are expected")?;
    command.extend(["--extern".to_owned(), format!("{AGENT}={}", runtime.library(AGENT, None)?.display())]);
    command.push(format!("--remap-path-prefix={}={}", copy.display(), unit.shown_folder().display()));
    Ok(Some(with_libraries(&command, Some(runtime.folder()))))
}
