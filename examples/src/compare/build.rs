//! The sibling programs, built and current.
//!
//! `cargo run --bin compare` builds `compare` alone. The compared programs must be the ones in `src/bin`, not copies
//! inside `compare`, so cargo has to build them: it knows which are out of date, and where they are.

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::{process::Command, time::timeout};

use super::Failure;

/// A first build of all dependencies on a slow machine.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// The manifest of the server without telemetry.
const UNINSTRUMENTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/uninstrumented/Cargo.toml");

/// The paths of the programs.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The server with spans by hand.
    pub server_manual: PathBuf,
    /// The server with one attribute.
    pub server_auto: PathBuf,
    /// The server with attributes on handlers.
    pub server_handlers: PathBuf,
    /// The client.
    pub client: PathBuf,
    /// The server without telemetry, built by `cargo otel`; `None` if it does not take part.
    pub server_uninstrumented: Option<PathBuf>,
}

/// Builds the example programs with the cargo, the target directory and the profile of this process.
///
/// # Errors
///
/// If there is no cargo, or they do not compile. Cargo's messages have then gone to standard error.
pub async fn build() -> Result<Programs, Failure> {
    let names = ["server_manual", "server_auto", "server_handlers", "client"];
    let [server_manual, server_auto, server_handlers, client] = executables(&names).await?;
    Ok(Programs { server_manual, server_auto, server_handlers, client, server_uninstrumented: None })
}

/// Builds these programs of the workspace in the same way. Returns their paths.
///
/// # Errors
///
/// As those of [`build`], or if there is no program of such a name.
pub async fn executables<const N: usize>(names: &[&str; N]) -> Result<[PathBuf; N], Failure> {
    build_of_workspace("--bin", names).await
}

/// Builds an example of a package of the workspace. Returns its path.
///
/// # Errors
///
/// As those of [`executables`].
pub async fn example(name: &str) -> Result<PathBuf, Failure> {
    let [path] = build_of_workspace("--example", &[name]).await?;
    Ok(path)
}

/// Builds programs of one kind: `--bin` or `--example`.
async fn build_of_workspace<const N: usize>(kind: &str, names: &[&str; N]) -> Result<[PathBuf; N], Failure> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // The workspace, not this package: its members share features, and so the builds of `cargo run`.
    command
        .args(["build", "--quiet", "--message-format=json-render-diagnostics"])
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")])
        .args(names.iter().flat_map(|name| [kind, name]))
        .args(profile(&env::current_exe()?));
    let messages = messages(command).await?;
    let mut paths = std::array::from_fn(|_| PathBuf::new());
    for (path, name) in paths.iter_mut().zip(names) {
        *path = executable(&messages, name)?;
    }
    Ok(paths)
}

/// Builds `examples/uninstrumented` with `cargo otel`, which writes to the target folder alone.
///
/// # Errors
///
/// As those of [`build`]; the first time also if the crates of the runtime cannot be downloaded.
pub async fn build_zero_code() -> Result<PathBuf, Failure> {
    build_zero_code_of(Path::new(UNINSTRUMENTED), "server_uninstrumented").await
}

/// Builds a program of another package in the same way. Returns its path.
///
/// # Errors
///
/// As those of [`build_zero_code`].
pub async fn build_zero_code_of(manifest: &Path, name: &str) -> Result<PathBuf, Failure> {
    let arguments = ["--strict", "build", "--message-format=json-render-diagnostics"];
    executable(&messages(zero_code_of(manifest, &arguments).await?).await?, name)
}

/// `cargo otel` with these arguments, for the server without telemetry.
///
/// # Errors
///
/// If `cargo-otel` does not compile.
pub async fn zero_code(arguments: &[&str]) -> Result<Command, Failure> {
    zero_code_of(Path::new(UNINSTRUMENTED), arguments).await
}

/// `cargo otel` with these arguments, for the package of a manifest. All of them share a target folder.
async fn zero_code_of(manifest: &Path, arguments: &[&str]) -> Result<Command, Failure> {
    let [cargo_otel] = executables(&["cargo-otel"]).await?;
    let target = cargo_otel.ancestors().nth(2).ok_or("no target folder")?;
    let mut command = Command::new(&cargo_otel);
    command
        .arg("otel")
        .args(arguments)
        .args(["--locked", "--manifest-path"])
        .arg(manifest)
        .arg("--target-dir")
        .arg(target.join("uninstrumented"))
        .args(profile(&env::current_exe()?));
    if env::var_os("CARGO_OTEL_CACHE").is_none() {
        command.env("CARGO_OTEL_CACHE", target.join("cargo-otel-cache"));
    }
    Ok(command)
}

/// Runs cargo. Returns its messages.
async fn messages(mut command: Command) -> Result<String, Failure> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true);
    // With cargo's own variables in the environment, build scripts would count as out of date.
    for (name, _) in env::vars_os() {
        if is_for_this_package(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    let output = timeout(PATIENCE, command.spawn()?.wait_with_output()).await??;
    if !output.status.success() {
        return Err("the example programs do not compile".into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn is_for_this_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| variable.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&variable)
}

/// The profile whose folder this process runs from; tests run from `deps` in it.
fn profile(this: &Path) -> Vec<String> {
    let folders = this.ancestors().skip(1).filter_map(Path::file_name).map(|name| name.to_string_lossy());
    match folders.map(std::borrow::Cow::into_owned).find(|folder| folder != "deps") {
        Some(folder) if folder != "debug" => vec!["--profile".to_owned(), folder],
        _ => Vec::new(),
    }
}

/// Finds an executable in cargo's
/// [messages](https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages).
fn executable(messages: &str, name: &str) -> Result<PathBuf, Failure> {
    let artifacts = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut paths = artifacts
        .filter(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == name)
        .filter_map(|message| Some(PathBuf::from(message["executable"].as_str()?)));
    paths.next().ok_or_else(|| format!("cargo did not build {name}").into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::path::Path;

    use super::{executable, profile};

    #[test]
    fn the_profile_is_that_of_this_program() {
        assert_eq!(profile(Path::new("/w/target/debug/compare")), [""; 0]);
        assert_eq!(profile(Path::new("/w/target/debug/deps/equivalence-1a2b")), [""; 0]);
        assert_eq!(profile(Path::new("/w/target/release/compare")), ["--profile", "release"]);
    }

    #[test]
    fn executables_are_found_in_the_messages() {
        let messages = "\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"examples\"},\"executable\":null}\n\
            {\"reason\":\"compiler-artifact\",\"target\":{\"name\":\"client\"},\"executable\":\"/t/debug/client\"}\n";
        assert_eq!(executable(messages, "client").unwrap(), Path::new("/t/debug/client"));
        assert!(executable(messages, "server").is_err());
    }
}
