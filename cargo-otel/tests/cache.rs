//! The cache of runtimes where it cannot be written, is full, or is used by several builds.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use fixture::{Project, behind, cache, is_shared, script, succeed, text};

/// What `with_log` prints.
const PRINTED: &str = "src/main.rs 3\n";

/// A command in a mount namespace of its own, after `mounts`, lines for the shell.
fn behind_mounts(command: &Command, mounts: &str) -> Command {
    let mut inside = unshare();
    inside.args(["sh", "-c", &format!("{mounts} && exec \"$0\" \"$@\"")]);
    behind(inside, command)
}

fn unshare() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount"]).stdin(Stdio::null());
    command
}

/// Returns `false`, with a line for the reader, if this user may not mount.
fn may_mount() -> bool {
    let may = unshare().arg("true").stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !may {
        eprintln!("skipped: this user may not create a mount namespace (`unshare --user --map-root-user --mount`)");
    }
    may
}

#[test]
fn a_complete_cache_is_only_read() {
    if !may_mount() {
        return;
    }
    let project = Project::with_log("read-only-mount");
    succeed(&mut project.otel(&["setup"]));
    let folder = cache().canonicalize().unwrap();
    let mounts = format!("mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}'", folder.display());
    let read_only = |arguments: &[&str]| behind_mounts(&project.otel(arguments), &mounts);
    let output = succeed(read_only(&["run"]).env("CARGO_OTEL_CACHE", &folder));
    assert_eq!(text(&output.stdout), PRINTED);
    assert!(!text(&output.stderr).contains("Preparing"), "{}", text(&output.stderr));
    assert!(is_shared(&project.folder.join("target")));

    // So does an installation, which builds in the project's folder for instrumented builds.
    let mut install = read_only(&["install", "-v", "--path", ".", "--debug", "--root", "target/installed"]);
    let messages = text(&succeed(install.env("CARGO_OTEL_CACHE", &folder)).stderr);
    assert!(!messages.contains("Preparing"), "{messages}");
    assert_eq!(text(&succeed(&mut Command::new(project.folder.join("target/installed/bin/app"))).stdout), PRINTED);
}

#[test]
fn an_installation_builds_where_the_user_says() {
    let project = Project::with_log("install-folder");
    let install = ["install", "--path", ".", "--debug", "--root", "target/installed", "--force"];
    succeed(project.otel(&install).args(["--target-dir", "target/by-option"]));
    assert!(is_shared(&project.folder.join("target/by-option")));
    succeed(project.otel(&install).env("CARGO_TARGET_DIR", "target/by-variable"));
    assert!(is_shared(&project.folder.join("target/by-variable")));
}

#[test]
fn a_full_disk_costs_the_telemetry_but_not_the_build() {
    if !may_mount() {
        return;
    }
    let project = Project::with_log("full-disk");
    let full = project.folder.join("target/full");
    fs::create_dir_all(&full).unwrap();
    let mounts = format!("mount -t tmpfs -o size=64k none '{}'", full.display());
    for arguments in [&["run"][..], &["run"]] {
        let output = succeed(behind_mounts(&project.otel(arguments), &mounts).env("CARGO_OTEL_CACHE", &full));
        assert_eq!(text(&output.stdout), PRINTED);
        let messages = text(&output.stderr);
        assert!(messages.contains("No space left") && messages.contains("this build has no telemetry"), "{messages}");
    }
    let mut strict = behind_mounts(&project.otel(&["setup"]), &mounts);
    assert!(!strict.env("CARGO_OTEL_CACHE", &full).output().unwrap().status.success());
}

#[test]
fn one_of_several_builds_makes_the_runtime() {
    let project = Project::with_log("empty-cache");
    succeed(&mut project.otel(&["setup"]));
    // A cache without a runtime, but with all of its crates compiled.
    let empty = project.folder.join("target/cache");
    for folder in build_folders(&cache()) {
        let copy = empty.join(folder.strip_prefix(cache()).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        succeed(Command::new("cp").arg("-al").args([&folder, &copy]));
    }
    let messages: Vec<String> = thread::scope(|scope| {
        let builds = ["dev", "release", "test"].map(|profile| {
            let (project, empty) = (&project, &empty);
            scope.spawn(move || {
                let folder = format!("target/{profile}");
                let mut build = project.otel(&["run", "--profile", profile, "--target-dir", &folder]);
                let output = succeed(build.env("CARGO_OTEL_CACHE", empty));
                assert_eq!(text(&output.stdout), PRINTED);
                assert!(is_shared(&project.folder.join(folder)));
                text(&output.stderr)
            })
        });
        builds.map(|build| build.join().unwrap()).into()
    });
    assert_eq!(messages.concat().matches("Preparing").count(), 1, "{messages:#?}");
}

#[test]
fn two_toolchains_in_turn_compile_nothing_again() {
    let project = Project::with_log("in-turn");
    succeed(&mut project.otel(&["setup"]));
    // The same compiler under the name of another release. Its runtime is a copy with an id of its own.
    let body = "case \"$*\" in
            *-vV*) rustc \"$@\" | sed 's/^release: .*/release: 1.89.99/';;
            *) exec rustc \"$@\";;
        esac";
    let toolchains = [PathBuf::from("rustc"), script(&project, "rustc", body)];
    let plan = |cache: &Path, rustc: &Path| {
        let plan = succeed(project.otel(&["plan"]).env("CARGO_OTEL_CACHE", cache).env("RUSTC", rustc));
        let plan = text(&plan.stdout);
        let folder = plan.lines().find_map(|line| line.find(cache.to_str().unwrap()).map(|start| &line[start..]));
        PathBuf::from(folder.unwrap())
    };
    let runtime = plan(&cache(), &toolchains[0]);
    let of_test = project.folder.join("target/cache");
    for rustc in &toolchains {
        // The plan names the folder of the toolchain's runtimes, because there is none.
        let folder = plan(&of_test, rustc);
        fs::create_dir_all(&folder).unwrap();
        succeed(Command::new("cp").arg("-a").args([&runtime, &folder]));
        let file = folder.join(runtime.file_name().unwrap()).join("runtime.json");
        let mut description: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        description["id"] = rustc.to_str().unwrap().into();
        fs::write(file, description.to_string()).unwrap();
    }
    let build = |rustc: &Path| {
        let mut build = project.otel(&["run", "-v"]);
        let output = succeed(build.env("CARGO_OTEL_CACHE", &of_test).env("RUSTC", rustc));
        assert_eq!(text(&output.stdout), PRINTED);
        text(&output.stderr)
    };
    for rustc in &toolchains {
        let messages = build(rustc);
        assert!(messages.contains("Compiling log"), "{messages}");
    }
    for rustc in &toolchains {
        let messages = build(rustc);
        assert!(messages.contains("Fresh log") && !messages.contains("Compiling"), "{messages}");
    }
}

/// The folders in which runtimes are built: `1.89.0-…/x86_64-…-build`.
fn build_folders(cache: &Path) -> Vec<PathBuf> {
    let of_toolchains = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path());
    let folders = of_toolchains.filter(|folder| folder.is_dir()).flat_map(|folder| fs::read_dir(folder).unwrap());
    let folders = folders.map(|entry| entry.unwrap().path());
    folders.filter(|folder| folder.to_string_lossy().ends_with("-build")).collect()
}
