//! Builds a runtime.

use std::env;
use std::fs::{self, File, TryLockError};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use super::cache::Cache;
use super::{DESCRIPTION, Description, Library, Runtime, workspace};
use crate::output;
use crate::project::{Network, absolute_home};

/// Returns the runtime for a target, and builds it first if it is missing. Another process that needs it meanwhile
/// waits. With `network`, cargo reaches registries.
///
/// # Errors
///
/// If the cache cannot be written, or cargo cannot build: without network and without the crates in its own cache, for
/// example.
pub(crate) fn ensure(cache: &Cache, rustc: Option<&Path>, target: &str, network: &Network) -> Result<Runtime> {
    if let Some(runtime) = cache.find(target) {
        return Ok(runtime);
    }
    if Path::new(target).extension().is_some_and(|extension| extension == "json") {
        bail!("{target} is a target of your own: there are runtimes for the compiler's targets alone");
    }
    let build_folder = cache.build_folder(target);
    fs::create_dir_all(&build_folder).with_context(|| build_folder.display().to_string())?;
    let lock = File::create(build_folder.join("lock"))?;
    match lock.try_lock() {
        Err(TryLockError::WouldBlock) => {
            output::status(
                "Blocking",
                format_args!("until another process has built the telemetry runtime for {target}"),
            );
            lock.lock()?;
        }
        locked => locked?,
    }
    // Another process may have built it meanwhile.
    if let Some(runtime) = cache.find(target) {
        return Ok(runtime);
    }
    output::status("Preparing", format_args!("the telemetry runtime for {target}, once per toolchain"));
    workspace::write(&build_folder)?;
    let flags = cache.flags().of_target(target);
    let libraries = compile(&build_folder, rustc, target, flags, network)?;
    install(&libraries, &cache.of_target(target))?;
    cache.find(target).context("the runtime that was just built is not there")
}

/// Compiles the runtime. Returns its libraries.
fn compile(
    folder: &Path,
    rustc: Option<&Path>,
    target: &str,
    flags: impl Iterator<Item = String>,
    network: &Network,
) -> Result<Vec<(Library, PathBuf)>> {
    // Other symbols than those of the same crates in the application; and bitcode, for applications with fat LTO.
    let flags = ["-Cmetadata=cargo-otel", "-Cembed-bitcode=yes"].map(str::to_owned).into_iter().chain(flags);
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command
        .current_dir(folder)
        .args(["build", "--release", "--package", workspace::AGENT, "--target", target])
        .args(["--message-format", "json-render-diagnostics"]);
    let _settings = network.add_to(&mut command, folder).with_context(|| folder.display().to_string())?;
    command
        // The last option is stronger than files of the user, which cargo reads in the folders above.
        .args(["--config", workspace::PROFILE])
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    // Variables of the user's build must not change this one.
    for (name, _) in env::vars_os().filter(|(name, _)| is_of_a_build(&name.to_string_lossy())) {
        command.env_remove(name);
    }
    command
        .env("CARGO_TARGET_DIR", folder.join("target"))
        // Relative: cargo takes braces in it for variables.
        .env("CARGO_BUILD_BUILD_DIR", "target")
        .env("CARGO_INCREMENTAL", "0")
        .env("RUSTC_WRAPPER", "")
        .env("RUSTC_WORKSPACE_WRAPPER", "")
        .envs(absolute_home())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.collect::<Vec<_>>().join("\x1f"));
    if let Some(rustc) = rustc {
        command.env("RUSTC", rustc);
    }
    let mut child = command.spawn().context("cargo cannot be called")?;
    let messages = child.stdout.take().context("no output of cargo")?;
    let mut libraries = Vec::new();
    for line in BufReader::new(messages).lines() {
        libraries.extend(serde_json::from_str::<Artifact>(&line?).ok().and_then(|artifact| artifact.library(target)));
    }
    if !child.wait()?.success() {
        bail!("the telemetry runtime does not compile; cargo's messages are above");
    }
    Ok(libraries)
}

/// Returns `true` for a variable that cargo sets for the crate that it compiles, or that changes how cargo builds. Linkers
/// stay: a target may need its own.
fn is_of_a_build(variable: &str) -> bool {
    let prefixes =
        ["CARGO_PROFILE_", "CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_OTEL_", "CARGO_CFG_", "CARGO_FEATURE_", "__CARGO"];
    let names =
        ["RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_INCREMENTAL", "OUT_DIR", "TARGET", "HOST"];
    let is_flags = variable.starts_with("CARGO_TARGET_") && !variable.ends_with("_LINKER");
    is_flags || prefixes.iter().any(|prefix| variable.starts_with(prefix)) || names.contains(&variable)
}

/// A [message](https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages) of cargo.
#[derive(Debug, Deserialize)]
struct Artifact {
    package_id: String,
    target: Target,
    features: Vec<String>,
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Artifact {
    /// A library for the target, not one of a build script. Macros are for the host: the compiler also looks for the
    /// macros that a library was made with.
    fn library(self, target: &str) -> Option<(Library, PathBuf)> {
        let is_macro = self.target.kind.iter().any(|kind| kind == "proc-macro");
        let mut files = self.filenames.into_iter();
        let is_library = |file: &PathBuf| file.extension().is_some_and(|extension| extension == "rlib");
        let is_for_target = |file: &PathBuf| file.components().any(|part| part.as_os_str() == target);
        let file = files.find(|file| is_macro || is_library(file) && is_for_target(file))?;
        let (_, version) = self.package_id.rsplit_once(['#', '@'])?;
        let library = Library {
            name: self.target.name.replace('-', "_"),
            version: version.parse().ok()?,
            features: self.features.into_iter().collect(),
            file: file.file_name()?.to_str()?.to_owned(),
        };
        Some((library, file))
    }
}

/// Puts the libraries in their place, all at once.
fn install(libraries: &[(Library, PathBuf)], folder: &Path) -> Result<()> {
    let unfinished = folder.with_extension("unfinished");
    for leftover in [&unfinished, folder] {
        if leftover.exists() {
            fs::remove_dir_all(leftover)?;
        }
    }
    fs::create_dir_all(&unfinished)?;
    let mut described = Vec::new();
    for (library, path) in libraries {
        // Cargo puts a second, shorter name for the package itself beside its folder of dependencies.
        let file = unfinished.join(&library.file);
        fs::hard_link(path, &file).or_else(|_| fs::copy(path, &file).map(drop))?;
        described.push(library.clone());
    }
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let description = Description { id: format!("{:x}", age.as_nanos()), libraries: described };
    fs::write(unfinished.join(DESCRIPTION), serde_json::to_string_pretty(&description)?)?;
    fs::rename(&unfinished, folder)?;
    Ok(())
}
