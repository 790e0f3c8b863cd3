//! The folder of cargo's configuration, registries and programs.

use std::env;
use std::path::PathBuf;

/// [Cargo's home](https://doc.rust-lang.org/cargo/guide/cargo-home.html), absolute: `CARGO_HOME`, or `.cargo` in the user's
/// home. `None` if there is neither.
pub(crate) fn cargo_home() -> Option<PathBuf> {
    match env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        Some(home) => std::path::absolute(home).ok(),
        None => Some(env::home_dir()?.join(".cargo")),
    }
}

/// `CARGO_HOME` with an absolute value, where the user's is relative: for a program that works in other folders.
pub(crate) fn absolute_home() -> Option<(&'static str, PathBuf)> {
    let home = PathBuf::from(env::var_os("CARGO_HOME")?);
    if home.is_absolute() { None } else { Some(("CARGO_HOME", cargo_home()?)) }
}
