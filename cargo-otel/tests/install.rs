//! `cargo otel install` of small packages. `installed.rs` installs an application.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;
use std::process::{Command, Output};

use fixture::{Project, host, manifest, succeed, text};

/// A folder with a registry. It has the program `tiny`, and an `actix-web` that no recipe fits.
fn registry(name: &str) -> Project {
    let package = |name: &str, version: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n"
        )
    };
    Project::new(
        name,
        &[
            ("Cargo.toml", &manifest("app", "")),
            ("src/main.rs", "fn main() {}\n"),
            ("registry/tiny/Cargo.toml", &package("tiny", "0.1.0", "actix-web = \"4\"")),
            ("registry/tiny/src/main.rs", "fn main() { println!(\"{}\", actix_web::answer()) }\n"),
            ("registry/tiny/.cargo-checksum.json", "{\"files\":{}}"),
            ("registry/actix-web/Cargo.toml", &package("actix-web", "4.99.0", "")),
            ("registry/actix-web/src/lib.rs", "pub fn answer() -> u32 { 42 }\n"),
            ("registry/actix-web/.cargo-checksum.json", "{\"files\":{}}"),
            ("temporary/empty", ""),
        ],
    )
}

/// Installs `tiny`.
fn install(project: &Project, mut command: Command) -> Output {
    let source = format!("source.small.directory = '{}'", project.folder.join("registry").display());
    command.args([
        "install",
        "tiny",
        "--debug",
        "--root",
        "installed",
        "--config",
        "source.crates-io.replace-with = 'small'",
    ]);
    command.args(["--config", &source]).env("TMPDIR", project.folder.join("temporary")).output().unwrap()
}

const WARNING: &str = "warning: cargo-otel: actix-web 4.99.0 is not instrumented";

#[test]
fn a_crate_that_is_not_instrumented_is_a_warning() {
    let project = registry("install-warning");
    // Cargo does not read the configuration of the current folder.
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    fs::write(project.folder.join(".cargo/config.toml"), format!("[build]\ntarget = \"{}\"\n", host())).unwrap();
    let output = install(&project, project.otel(&[]));
    let messages = text(&output.stderr);
    assert!(output.status.success() && messages.contains(WARNING), "{messages}");
    let program = project.folder.join("installed/bin/tiny");
    assert_eq!(text(&succeed(&mut Command::new(&program)).stdout), "42\n");
    // As cargo does, it leaves nothing else behind.
    assert_eq!(fs::read_dir(project.folder.join("temporary")).unwrap().count(), 1);
}

#[test]
fn an_installed_program_is_built_again() {
    let project = registry("install-again");
    let output = install(&project, project.cargo(&[]));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let output = install(&project, project.otel(&["--strict"]));
    let messages = text(&output.stderr);
    assert!(!output.status.success() && messages.contains("actix-web 4.99.0 is not instrumented"), "{messages}");
    let output = install(&project, project.otel(&[]));
    let messages = text(&output.stderr);
    assert!(output.status.success() && messages.contains(WARNING), "{messages}");
    assert!(messages.contains("Replaced package `tiny"), "{messages}");
}

#[test]
fn a_package_with_the_name_of_a_feature_is_not_built_again() {
    let project = registry("install-names");
    assert!(install(&project, project.cargo(&[])).status.success());
    // Cargo refuses an installed program of another package, unless `--force` is there.
    let mut command = project.otel(&["install", "--path", ".", "--bin", "tiny", "--debug", "--root", "installed"]);
    fs::create_dir(project.folder.join("src/bin")).unwrap();
    fs::write(project.folder.join("src/bin/tiny.rs"), "fn main() {}\n").unwrap();
    let output = command.output().unwrap();
    let messages = text(&output.stderr);
    assert!(!output.status.success() && messages.contains("already exists in destination"), "{messages}");
    assert!(!messages.contains("nothing serves requests here"), "{messages}");

    // The code is cargo's, not that of a conclusion from a build that failed.
    let output =
        project.otel(&["--strict", "install", "missing", "--offline", "--root", "installed"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(output.status.code() == Some(101) && !messages.contains("nothing serves requests here"), "{messages}");
}

#[test]
fn nothing_is_built_for_a_list_or_a_missing_folder() {
    let project = registry("install-list");
    assert!(install(&project, project.cargo(&[])).status.success());
    let output = succeed(&mut project.otel(&["--strict", "install", "--list", "--root", "installed"]));
    assert_eq!(text(&output.stdout), "tiny v0.1.0:\n    tiny\n");
    assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
    let output = project.otel(&["install", "--path", "missing"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(!output.status.success() && messages.contains("--path: there is no folder"), "{messages}");
}

#[test]
fn a_program_without_a_server_is_an_error_of_a_strict_build_after_it_is_installed() {
    let project = Project::with_log("install-strict");
    let output =
        project.otel(&["--strict", "install", "--path", ".", "--debug", "--root", "installed"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(output.status.code() == Some(1) && messages.contains("actix-web (it is installed)"), "{messages}");
    assert!(project.folder.join("installed/bin/app").exists());
}

#[test]
fn a_folder_with_the_attribute_is_refused() {
    let attribute = "[package]\nname = \"otel-actix\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let project = Project::new(
        "install-attribute",
        &[
            ("app/Cargo.toml", &manifest("app", "otel-actix = { path = \"../otel-actix\" }")),
            ("app/src/main.rs", "fn main() {}\n"),
            ("otel-actix/Cargo.toml", attribute),
            ("otel-actix/src/lib.rs", ""),
            ("Cargo.toml", &manifest("outside", "")),
            ("src/lib.rs", ""),
        ],
    );
    let output = project.otel(&["install", "--path", "app", "--debug", "--root", "installed"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(
        !output.status.success() && messages.contains("is instrumented by `#[auto_instrument]` already"),
        "{messages}"
    );
    assert!(project.folder.join("app/target/otel").exists() && !project.folder.join("target").exists());
}
