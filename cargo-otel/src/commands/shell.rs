//! The variables of an instrumented build, and how they are undone: in a shell with the variables of `cargo otel env`, and for
//! programs and tests of such a build.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use super::{plain, program};
use crate::runtime;

/// The variables of cargo that an instrumented build sets, besides those of runners.
const REPLACED: [&str; 4] =
    ["CARGO_BUILD_BUILD_DIR", "CARGO_TARGET_DIR", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTDOCFLAGS"];

/// All variables that this program sets besides those begin with this, and so does the one of the cache.
const OURS: &str = "CARGO_OTEL_";

/// In front of the name of a replaced variable: the user's own value.
const KEPT: &str = "CARGO_OTEL_KEPT_";

/// The user's own values of the replaced variables, under the names in which they are kept.
pub(super) fn kept(runners: &program::Runners) -> impl Iterator<Item = (String, OsString)> {
    let names = REPLACED.map(str::to_owned).into_iter().chain(program::names(runners));
    names.filter_map(|name| Some((format!("{KEPT}{name}"), env::var_os(name)?)))
}

/// The variables of this process as they would be without an instrumented build.
pub(super) fn environment_of_user() -> Vec<(OsString, OsString)> {
    let runners: Vec<String> = program::names(&program::runners_in_environment()).collect();
    let of_variable = |(name, value): (OsString, OsString)| {
        let text = name.to_string_lossy().into_owned();
        if let Some(name) = text.strip_prefix(KEPT) {
            return Some((name.into(), value));
        }
        let is_ours = text.starts_with(OURS) && text != runtime::CACHE_VARIABLE;
        let is_replaced = REPLACED.contains(&&*text) || runners.contains(&text);
        (!is_ours && !is_replaced).then_some((name, value))
    };
    env::vars_os().filter_map(of_variable).collect()
}

/// Runs this program again, with the variables of the user.
pub(super) fn leave(arguments: &[OsString]) -> Result<ExitCode> {
    let mut command = Command::new(env::current_exe().context("this program has no path")?);
    command.arg("otel").args(arguments).env_clear().envs(environment_of_user());
    plain::replace(&mut command)
}
