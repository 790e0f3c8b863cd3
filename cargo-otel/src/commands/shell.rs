//! `cargo otel` inside of an instrumented build: in a shell with the variables of `cargo otel env`, or started by a program
//! or a test of such a build. It works as outside, with the user's own settings.

use std::env;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result};

use super::plain;
use crate::runtime;

/// The variables of cargo that an instrumented build sets.
const REPLACED: [&str; 4] =
    ["CARGO_BUILD_BUILD_DIR", "CARGO_TARGET_DIR", "RUSTC_WRAPPER", "CARGO_ENCODED_RUSTDOCFLAGS"];

/// All variables that this program sets besides those begin with this, and so does the one of the cache.
const OURS: &str = "CARGO_OTEL_";

/// The user's own values of the replaced variables, under the names in which they are kept.
pub(super) fn kept() -> impl Iterator<Item = (String, OsString)> {
    REPLACED.iter().filter_map(|name| Some((kept_name(name), env::var_os(name)?)))
}

fn kept_name(name: &str) -> String {
    format!("{OURS}KEPT_{name}")
}

/// Runs this program again, with the variables of the user.
pub(super) fn leave(arguments: &[OsString]) -> Result<ExitCode> {
    let mut command = Command::new(env::current_exe().context("this program has no path")?);
    command.arg("otel").args(arguments);
    for name in REPLACED {
        match env::var_os(kept_name(name)) {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let ours = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with(OURS));
    for (name, _) in ours.filter(|(name, _)| name != runtime::CACHE_VARIABLE) {
        command.env_remove(name);
    }
    plain::replace(&mut command)
}
