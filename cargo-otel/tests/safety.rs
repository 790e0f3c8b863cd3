//! A build changes only the target folder and the cache, whatever the user's project contains.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;
use std::thread;

#[cfg(unix)]
use fixture::script;
use fixture::{Project, is_shared, manifest, succeed, text};

#[test]
fn the_project_stays_as_it_is() {
    let project = Project::with_log("tree");
    let before = project.tree();
    let output = succeed(&mut project.otel(&["run", "--locked"]));
    assert_eq!(text(&output.stdout), "src/main.rs 3\n");
    assert!(is_shared(&project.folder.join("target")));
    succeed(&mut project.otel(&["plan"]));
    assert_eq!(project.tree(), before);

    // Deleting a folder removes everything.
    succeed(&mut project.otel(&["clean"]));
    assert!(!project.folder.join("target/otel").exists());
    succeed(&mut project.cargo(&["run", "--quiet", "--locked"]));
    assert_eq!(project.tree(), before);
}

#[test]
fn a_second_build_has_nothing_to_do() {
    let project = Project::with_log("fresh");
    succeed(&mut project.otel(&["build"]));
    let output = succeed(&mut project.otel(&["build", "-v"]));
    assert!(!text(&output.stderr).contains("Compiling"), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("Fresh log"), "{}", text(&output.stderr));
    // Another build of the runtime would make crates useless that were compiled against this one.
    let folder = project.folder.join("target/otel/cargo-otel");
    let stamp = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let stamp =
        stamp.into_iter().find(|path| path.file_name().unwrap().to_string_lossy().starts_with("stamp-")).unwrap();
    fs::write(stamp, "another").unwrap();
    // The crates of a version that named its stamps in another way.
    let of_another_version = folder.join("stamp-of-another-version");
    fs::write(&of_another_version, "another").unwrap();
    let output = succeed(&mut project.otel(&["build", "-v"]));
    assert!(text(&output.stderr).contains("Dirty log"), "{}", text(&output.stderr));
    assert_ne!(fs::read_to_string(of_another_version).unwrap(), "another");
    let output = succeed(&mut project.otel(&["build", "-v"]));
    assert!(text(&output.stderr).contains("Fresh log"), "{}", text(&output.stderr));
}

#[test]
fn builds_at_the_same_time_do_not_disturb_each_other() {
    let project = Project::with_log("concurrent");
    let builds: [&[&str]; 5] = [
        &["run"],
        &["--functions", "app::*", "run"],
        &["run", "--release"],
        &["check"],
        &["run", "--config", "profile.dev.opt-level=1"],
    ];
    thread::scope(|scope| {
        for arguments in builds {
            let project = &project;
            scope.spawn(move || succeed(&mut project.otel(arguments)));
        }
        scope.spawn(|| succeed(&mut project.cargo(&["run"])));
        scope.spawn(|| succeed(&mut project.otel(&["plan"])));
    });
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "src/main.rs 3\n");
}

#[test]
fn the_target_folder_is_where_the_user_says() {
    let project = Project::with_log("folders");
    let elsewhere = |name: &str| project.folder.join("target").join(name);
    succeed(project.otel(&["build"]).env("CARGO_TARGET_DIR", elsewhere("by-variable")));
    assert!(is_shared(&elsewhere("by-variable")));
    succeed(&mut project.otel(&["build", "--target-dir", "target/by-option"]));
    assert!(is_shared(&elsewhere("by-option")));
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    fs::write(project.folder.join(".cargo/config.toml"), "build.target-dir = 'target/by-file'\n").unwrap();
    succeed(&mut project.otel(&["build"]));
    assert!(is_shared(&elsewhere("by-file")));
    assert!(!elsewhere("otel").exists());
}

#[cfg(unix)]
#[test]
fn the_users_own_wrapper_is_called() {
    let project = Project::with_log("wrapper");
    let log = project.folder.join("target/called");
    let wrapper = script(&project, "wrapper", &format!("echo called >> {}\nexec \"$@\"", log.display()));
    succeed(project.otel(&["build"]).env("RUSTC_WRAPPER", &wrapper));
    assert!(fs::read_to_string(&log).unwrap().lines().count() >= 2);
    assert!(is_shared(&project.folder.join("target")));

    // The same with a configuration file.
    fs::remove_file(&log).unwrap();
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    let config = "build.rustc-wrapper = './target/scripts/wrapper'\n";
    fs::write(project.folder.join(".cargo/config.toml"), config).unwrap();
    succeed(&mut project.otel(&["build", "--release"]));
    assert!(log.exists());
}

#[cfg(unix)]
#[test]
fn a_build_command_of_the_users_own_is_instrumented_by_variables() {
    let project = Project::with_log("env");
    let output = succeed(&mut project.in_shell(&[], "\"$CARGO\" build && printenv RUSTC_WRAPPER"));
    assert!(text(&output.stdout).trim_end().ends_with("cargo-otel"), "{}", text(&output.stdout));
    assert!(is_shared(&project.folder.join("target")));
}

#[cfg(unix)]
#[test]
fn the_command_works_in_its_own_environment_as_outside() {
    let project = Project::with_log("nested");
    let target = project.folder.join("target");
    let elsewhere = target.join("elsewhere");
    for (target, environment) in [(&target, &[][..]), (&elsewhere, &[("CARGO_TARGET_DIR", &*elsewhere)][..])] {
        let outside = |command: &str| succeed(project.otel(&[command]).envs(environment.iter().copied()));
        outside("build");
        let mut shell = project.in_shell(&[], "\"$OTEL\" otel build -v && \"$OTEL\" otel env");
        let output = succeed(shell.envs(environment.iter().copied()));
        assert!(target.join("otel/debug/app").exists() && !target.join("otel/otel").exists(), "{environment:?}");
        assert!(text(&output.stderr).contains("Fresh app"), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), text(&outside("env").stdout));
    }
    // Also if it is called by its own name.
    let output = succeed(&mut project.in_shell(&[], "\"$OTEL\" build -v"));
    assert!(text(&output.stderr).contains("Fresh app"), "{}", text(&output.stderr));
}

#[cfg(unix)]
#[test]
fn a_cache_that_cannot_be_written_is_no_obstacle() {
    use std::os::unix::fs::PermissionsExt as _;

    let project = Project::with_log("read-only");
    succeed(&mut project.otel(&["setup"]));
    // A complete cache is only read, so it works without write permission.
    let output = succeed(&mut project.otel(&["build", "-v"]));
    assert!(!text(&output.stderr).contains("Preparing"), "{}", text(&output.stderr));
    // An empty cache that cannot be written: a file is in its place. The runtime would go to the target folder.
    let file = project.folder.join("target/file");
    fs::write(&file, "").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o400)).unwrap();
    let output = succeed(project.otel(&["plan"]).env("CARGO_OTEL_CACHE", &file));
    let plan = text(&output.stdout);
    assert!(plan.contains(&format!("in {}", project.folder.join("target/otel/cargo-otel/cache").display())), "{plan}");
}

#[test]
fn versions_and_features_decide_what_is_shared() {
    let dependencies = "log = { version = \"0.4\", features = [\"max_level_info\"] }";
    let files =
        [("Cargo.toml", &*manifest("app", dependencies)), ("src/main.rs", "fn main() { log::info!(\"hello\") }\n")];
    let project = Project::new("features", &files);
    let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
    assert!(plan.contains("the runtime's copy lacks its features max_level_info"), "{plan}");
    let output = succeed(&mut project.otel(&["build"]));
    assert!(text(&output.stderr).contains("Separate log"), "{}", text(&output.stderr));
    // With `--strict`, a crate that should be shared and cannot be is an error.
    let messages = project.refused(&[]);
    assert!(messages.contains("is not instrumented: it stays separate"), "{messages}");
}

#[test]
fn an_application_with_the_attribute_is_refused() {
    let otel_actix = [
        ("Cargo.toml", &*manifest("app", "otel-actix = { path = \"otel-actix\" }")),
        ("src/main.rs", "fn main() {}\n"),
        ("otel-actix/Cargo.toml", "[package]\nname = \"otel-actix\"\nversion = \"0.1.0\"\nedition = \"2021\"\n"),
        ("otel-actix/src/lib.rs", ""),
    ];
    let project = Project::new("refused", &otel_actix);
    let output = project.otel(&["build"]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("instrumented by `#[auto_instrument]` already"), "{}", text(&output.stderr));
    assert!(!project.folder.join("target").exists());
}
