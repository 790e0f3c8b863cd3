//! The command line is read as cargo reads it, and cargo's settings hold wherever they are written.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;

use fixture::{Project, host, is_shared, manifest, script, succeed, text};

/// Prints its arguments.
const MAIN: &str = "fn main() {\n    log::info!(\"hello\");\n    println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>());\n}\n";

fn project(name: &str) -> Project {
    Project::new(name, &[("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", MAIN)])
}

#[test]
fn options_stand_before_and_behind_the_subcommand() {
    let project = project("options");
    let target = project.folder.join("target");
    let options = [&["--color", "always"][..], &["--config", "build.jobs=2"], &["-v", "--config=build.jobs=2"]];
    for (number, options) in options.into_iter().enumerate() {
        let folder = target.join(number.to_string());
        let output = project.otel(options).args(["build", "--target-dir"]).arg(&folder).output().unwrap();
        assert!(output.status.success() && is_shared(&folder), "{options:?}: {}", text(&output.stderr));
    }
    // The value has an effect on both calls of cargo.
    let output = succeed(&mut project.otel(&["--config", "profile.dev.opt-level=1", "run"]));
    assert!(text(&output.stderr).contains("[optimized + debuginfo]"), "{}", text(&output.stderr));
}

#[test]
fn a_program_gets_its_arguments() {
    let project = project("arguments");
    let lines = [
        (&["run", "serve", "--help", "--strict", "--target", "x"][..], "serve --help --strict --target x"),
        (&["run", "-q", "--bin", "app", "serve", "--viewer", "--target-dir=y"], "serve --viewer --target-dir=y"),
        (&["run", "--", "--help", "--functions", "app"], "--help --functions app"),
    ];
    for (arguments, expected) in lines {
        let expected: Vec<&str> = expected.split(' ').collect();
        let output = succeed(&mut project.otel(arguments));
        assert_eq!(text(&output.stdout), format!("{expected:?}\n"), "{arguments:?}");
    }
    assert!(is_shared(&project.folder.join("target")) && !project.folder.join("y").exists());
}

#[test]
fn a_toolchain_or_another_folder_stands_in_front() {
    let output = project("toolchain").otel(&["+nightly", "build"]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("`cargo +nightly otel …`"), "{}", text(&output.stderr));
    let output = project("elsewhere").otel(&["-C", "dir", "build"]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("`cargo -C DIR otel build`"), "{}", text(&output.stderr));
}

#[test]
fn settings_of_the_command_line_hold() {
    let project = project("config");
    let log = project.folder.join("target/called");
    let wrapper = script(&project, "wrapper", &format!("echo called >> {}\nexec \"$@\"", log.display()));
    let setting = format!("build.rustc-wrapper='{}'", wrapper.display());
    succeed(&mut project.otel(&["build", "--config", &setting]));
    assert!(log.exists() && is_shared(&project.folder.join("target")));

    // A file, and a target: only with one, units without a target are of the host.
    fs::write(project.folder.join("more.toml"), format!("[build]\ntarget = [\"{}\"]\n", host())).unwrap();
    let output = succeed(&mut project.otel(&["--config", "more.toml", "env"]));
    assert!(text(&output.stdout).contains("export CARGO_OTEL_CROSS='1'"), "{}", text(&output.stdout));
}

#[test]
fn documentation_tests_find_the_libraries_beside_flags_of_the_user() {
    let source =
        "/// ```\n/// log::info!(\"hello\");\n/// assert!(cfg!(of_the_user));\n/// ```\npub fn documented() {}\n";
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/lib.rs", source)];
    let project = Project::new("doc-tests", &files);
    for (variable, flags) in
        [("CARGO_ENCODED_RUSTDOCFLAGS", "--cfg\x1fof_the_user"), ("RUSTDOCFLAGS", "--cfg of_the_user")]
    {
        let output = succeed(project.otel(&["test", "--doc"]).env(variable, flags));
        assert!(text(&output.stdout).contains("1 passed"), "{}", text(&output.stdout));
    }
    let setting = "build.rustdocflags='--cfg of_the_user'";
    let output = succeed(&mut project.otel(&["test", "--doc", "--config", setting]));
    assert!(text(&output.stdout).contains("1 passed"), "{}", text(&output.stdout));
    assert!(is_shared(&project.folder.join("target")));
}

#[test]
fn each_set_of_target_features_has_a_runtime() {
    let project = project("target-features");
    let folder = |flags: &str| {
        let plan = text(&succeed(project.otel(&["plan"]).env("RUSTFLAGS", flags)).stdout);
        let (_, runtime) = plan.split_once("\nruntime\n  ").unwrap();
        runtime.lines().next().unwrap().to_owned()
    };
    succeed(&mut project.otel(&["setup"]));
    let usual = folder("");
    assert!(!usual.contains("will be built"), "{usual}");
    assert_eq!(folder("-C link-arg=-s -C target-cpu=native"), usual);
    assert!(folder("-C target-feature=+crt-static").contains("will be built"));
}

#[test]
fn a_runtime_is_built_with_the_users_network_but_not_with_the_users_profile() {
    let project = project("runtime");
    let log = project.folder.join("target/called");
    // Notes the build of the runtime, and fails.
    let body = format!(
        "case \"$*\" in *otel-agent*) echo \"$@\" > {log}; cp network.toml {log}.toml; exit 1;; esac\nexec \"$REAL\" \"$@\"",
        log = log.display()
    );
    let cargo = script(&project, "cargo", &body);
    let cache = project.folder.join("target/cache");
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    let settings = "profile.release = { lto = 'fat', panic = 'abort' }\nhttp.proxy = 'http://user:secret@proxy:1'\n\
                    registries.mine = { index = 'sparse+https://registry/', token = 'secret' }\n";
    fs::write(project.folder.join(".cargo/config.toml"), "include = ['more.toml']\n").unwrap();
    fs::write(project.folder.join(".cargo/more.toml"), settings).unwrap();
    let mut build = project.otel(&["run", "--frozen"]);
    build.env("REAL", std::env::var_os("CARGO").unwrap()).env("CARGO", &cargo).env("CARGO_OTEL_CACHE", &cache);
    let output = succeed(&mut build);
    assert!(text(&output.stderr).contains("this build has no telemetry"), "{}", text(&output.stderr));

    let called = fs::read_to_string(&log).unwrap();
    // Everybody can read the arguments of a process.
    assert!(called.contains("--config network.toml") && !called.contains("secret"), "{called}");
    let network: toml::Table = fs::read_to_string(log.with_extension("toml")).unwrap().parse().unwrap();
    assert_eq!(network["http"]["proxy"], "http://user:secret@proxy:1".into());
    assert_eq!((&network["registries"]["mine"]["token"], &network["net"]["offline"]), (&"secret".into(), &true.into()));
    assert!(called.trim_end().ends_with("--config profile.toml"), "{called}");
    let folders = fs::read_dir(&cache).unwrap().map(|entry| entry.unwrap().path().join(format!("{}-build", host())));
    let folder = folders.into_iter().find(|folder| folder.join("profile.toml").exists()).unwrap();
    assert!(!folder.join("network.toml").exists());
    let profile = folder.join("profile.toml");
    let profile: toml::Table = fs::read_to_string(profile).unwrap().parse().unwrap();
    assert_eq!(
        (&profile["profile"]["release"]["panic"], &profile["profile"]["release"]["lto"]),
        (&"unwind".into(), &"off".into())
    );
}

#[test]
fn a_runner_in_a_variable_may_be_relative() {
    let member = "[package]\nname = \"member\"\nversion = \"0.1.0\"\nedition = \"2021\"\n";
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"member\"]\nresolver = \"2\"\n"),
        ("member/Cargo.toml", member),
        ("member/src/lib.rs", "#[test]\nfn runs() {}\n"),
    ];
    let project = Project::new("relative-runner", &files);
    script(&project, "runner", "echo runner called\nexec \"$@\"");
    let variable = format!("CARGO_TARGET_{}_RUNNER", host().to_uppercase().replace('-', "_"));
    // Cargo starts a test in the folder of its package.
    let output = succeed(project.otel(&["test", "--lib"]).env(variable, "target/scripts/runner"));
    let printed = text(&output.stdout);
    assert!(printed.contains("runner called") && printed.contains("test runs ... ok"), "{printed}");
}

#[test]
fn aliases_stand_for_their_words() {
    let project = project("aliases");
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    let aliases = "[alias]\nserve = \"run --bin app -- a\"\nstart = [\"serve\", \"b c\"]\ncircle = \"circle\"\n";
    fs::write(project.folder.join(".cargo/config.toml"), aliases).unwrap();
    for (arguments, expected) in
        [(&["serve", "--strict"][..], "[\"a\", \"--strict\"]\n"), (&["-q", "start"], "[\"a\", \"b c\"]\n")]
    {
        assert_eq!(text(&succeed(&mut project.otel(arguments)).stdout), expected);
    }
    assert!(is_shared(&project.folder.join("target")));
    let output = project.otel(&["circle"]).output().unwrap();
    assert!(text(&output.stderr).contains("`cargo circle` builds nothing"), "{}", text(&output.stderr));
}
