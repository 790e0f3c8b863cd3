//! The sources of the runtime as a workspace that cargo can build.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use semver::Version;
use toml::{Table, Value};

use super::sources;

/// The package that is built.
pub(super) const AGENT: &str = "otel-agent";

/// The file with the profile as settings of cargo.
pub(super) const PROFILE: &str = "profile.toml";

/// That package, and the packages of this project on which it depends.
const MEMBERS: [&str; 5] = ["otel-agent", "otel-core", "otel-hooks", "otel-macros", "otel-viewer"];

/// The member that takes longest to compile.
const LARGEST: &str = "otel-core";

/// The dependencies that run during requests, or that the application shares.
const FAST: [&str; 9] = [
    "log",
    "opentelemetry",
    "opentelemetry_sdk",
    "sharded-slab",
    "smallvec",
    "thread_local",
    "tracing-core",
    "tracing-log",
    "tracing-subscriber",
];

/// Ciphers, compression and patterns, which would be slow without any optimisation. All other dependencies do little work
/// per batch; leaving them unoptimised saves much of the runtime's compile time.
const SMALL: [&str; 9] =
    ["adler2", "base64", "crc32fast", "memchr", "miniz_oxide", "otel-viewer", "regex-automata", "ring", "simd-adler32"];

/// Writes the workspace. Files with the same text stay untouched, so cargo does not build them again.
pub(crate) fn write(folder: &Path) -> Result<()> {
    write_if_changed(&folder.join("Cargo.toml"), &manifest()?)?;
    write_if_changed(&folder.join(PROFILE), &profile_settings())?;
    // Cargo removes unused entries from `Cargo.lock`, so an untouched copy is kept for the comparison.
    let lock = sources::file("Cargo.lock").unwrap_or_default();
    let lock_of = folder.join("Cargo.lock.of");
    if fs::read_to_string(&lock_of).ok().as_deref() != Some(lock) {
        fs::write(folder.join("Cargo.lock"), lock)?;
        fs::write(lock_of, lock)?;
    }
    for member in MEMBERS {
        let manifest = sources::file(&format!("{member}.toml")).with_context(|| format!("no manifest of {member}"))?;
        write_if_changed(&folder.join(member).join("Cargo.toml"), &without_tests(manifest)?)?;
        let sources = folder.join(member).join("src");
        remove_others(&sources, member)?;
        for (name, text) in sources::of_package(member) {
            write_if_changed(&sources.join(name), text)?;
        }
    }
    Ok(())
}

/// Removes files of another version. Cargo would not notice that `a/mod.rs` has taken the place of `a.rs`.
fn remove_others(folder: &Path, member: &str) -> Result<()> {
    let names: BTreeSet<PathBuf> = sources::of_package(member).map(|(name, _)| folder.join(name)).collect();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if !names.contains(&path) {
                fs::remove_file(&path).with_context(|| path.display().to_string())?;
            }
        }
    }
    Ok(())
}

/// Writes a file, unless it has this text already: its time then tells cargo that nothing changed.
pub(crate) fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).ok().as_deref() == Some(text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}

/// A member's manifest without its tests: neither their sources nor their dependencies are here.
fn without_tests(manifest: &str) -> Result<String> {
    let mut manifest: Table = manifest.parse()?;
    for section in ["bench", "dev-dependencies", "example", "test"] {
        manifest.remove(section);
    }
    Ok(manifest.to_string())
}

/// The manifest of this project's workspace, with the members that are needed.
fn manifest() -> Result<String> {
    let mut manifest: Table = sources::file("workspace.toml").unwrap_or_default().parse()?;
    let members = Value::from(MEMBERS.map(Value::from).to_vec());
    let workspace = manifest.get_mut("workspace").and_then(Value::as_table_mut).context("no workspace")?;
    workspace.insert("members".to_owned(), members);
    workspace.remove("default-members");
    manifest.remove("profile");
    manifest.insert("profile".to_owned(), Value::Table(profile()));
    Ok(manifest.to_string())
}

/// One runtime serves all profiles of an application, so its optimisation does not depend on theirs.
fn profile() -> Table {
    let level = |level: i64| Value::Table(Table::from_iter([("opt-level".to_owned(), Value::from(level))]));
    let units = |units: i64| ("codegen-units".to_owned(), Value::from(units));
    let mut packages = Table::from_iter([("*".to_owned(), level(0))]);
    packages.extend(FAST.map(|name| (name.to_owned(), level(3))));
    packages.extend(SMALL.map(|name| (name.to_owned(), level(1))));
    // The largest crate comes near the end, when no other keeps the processors busy: its parts are compiled side by side.
    packages.insert(LARGEST.to_owned(), Value::Table(Table::from_iter([units(4)])));
    // Optimising these parts across their borders would take a third of that crate's time, and saves one instruction in a
    // hundred of a request.
    let no_lto = ("lto".to_owned(), Value::from("off"));
    let no_debug = ("debug".to_owned(), Value::from(0));
    let release = [units(1), no_lto, no_debug, ("package".to_owned(), Value::Table(packages))];
    Table::from_iter([("release".to_owned(), Value::Table(Table::from_iter(release)))])
}

/// The profile, with cargo's defaults for all that it leaves open: `panic` of the user's configuration, for example, is for
/// the user's programs.
fn profile_settings() -> String {
    let mut profiles = profile();
    if let Some(release) = profiles.get_mut("release").and_then(Value::as_table_mut) {
        for (key, value) in [
            ("debug-assertions", Value::from(false)),
            ("incremental", Value::from(false)),
            ("opt-level", Value::from(3)),
            ("overflow-checks", Value::from(false)),
            ("panic", Value::from("unwind")),
        ] {
            release.entry(key).or_insert(value);
        }
    }
    Table::from_iter([("profile".to_owned(), Value::Table(profiles))]).to_string()
}

/// Versions of a crate in the runtime's lock file.
fn locked_versions(name: &str) -> Vec<Version> {
    let lock: Option<Table> = sources::file("Cargo.lock").and_then(|lock| lock.parse().ok());
    let packages = lock.as_ref().and_then(|lock| lock.get("package")?.as_array());
    let of_name =
        packages.into_iter().flatten().filter(|package| package.get("name").and_then(Value::as_str) == Some(name));
    of_name.filter_map(|package| package.get("version")?.as_str()?.parse().ok()).collect()
}

/// The newest version of a shared crate in the runtime: other dependencies may need older ones.
pub(crate) fn locked_version(name: &str) -> Option<Version> {
    locked_versions(name).into_iter().max()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn members_need_nothing_that_is_not_here() {
        for member in MEMBERS {
            let manifest: Table =
                without_tests(sources::file(&format!("{member}.toml")).unwrap()).unwrap().parse().unwrap();
            assert!(!manifest.contains_key("dev-dependencies"), "{member}");
            let dependencies = manifest.get("dependencies").and_then(Value::as_table).unwrap();
            let of_this_project = dependencies.keys().filter(|name| name.starts_with("otel-"));
            of_this_project.for_each(|name| assert!(MEMBERS.contains(&name.as_str()), "{member} needs {name}"));
        }
    }

    #[test]
    fn the_workspace_has_all_members_and_one_version_of_what_is_shared() {
        let folder = std::env::temp_dir().join(format!("cargo-otel-workspace-{}", std::process::id()));
        write(&folder).unwrap();
        let of_another_version = folder.join("otel-core/src/client/of_another_version.rs");
        fs::write(&of_another_version, "").unwrap();
        write(&folder).unwrap();
        assert!(!of_another_version.exists());
        for member in MEMBERS {
            assert!(folder.join(member).join("src/lib.rs").exists(), "{member}");
        }
        assert_eq!(locked_version("opentelemetry").map(|version| (version.major, version.minor)), Some((0, 33)));
        fs::remove_dir_all(folder).unwrap();
    }
}
