//! Paths as users write them: relative ones, through links, and with any character.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use fixture::{Project, behind, cache, is_shared, manifest, script, succeed, text};

/// The output of `with_log`.
const PRINTED: &str = "src/main.rs 3\n";

#[test]
fn a_wrapper_in_a_variable_may_be_relative() {
    let project = Project::with_log("relative-wrapper");
    let log = project.folder.join("target/called");
    script(&project, "wrapper", &format!("echo called >> {}\nexec \"$@\"", log.display()));
    for variable in ["RUSTC_WRAPPER", "CARGO_BUILD_RUSTC_WRAPPER"] {
        let output = succeed(project.otel(&["run"]).env(variable, "target/scripts/wrapper"));
        assert_eq!(text(&output.stdout), PRINTED);
        assert!(is_shared(&project.folder.join("target")));
        fs::remove_file(&log).unwrap();
        succeed(&mut project.otel(&["clean"]));
    }
}

#[test]
fn cargos_home_may_be_relative_or_empty() {
    let project = Project::with_log("relative-home");
    succeed(&mut project.otel(&["setup"]));
    let home = project.folder.join("target/home");
    fs::create_dir_all(&home).unwrap();
    for entry in fs::read_dir(home_of_the_test()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "cargo-otel" {
            symlink(entry.path(), home.join(entry.file_name())).unwrap();
        }
    }
    symlink(cache(), home.join("cargo-otel")).unwrap();
    let otel = |command: &str| {
        let mut otel = project.otel(&[command]);
        otel.env("CARGO_HOME", "target/home").env_remove("CARGO_OTEL_CACHE");
        otel
    };
    let plan = text(&succeed(&mut otel("plan")).stdout);
    assert!(plan.contains(&format!("\nruntime\n  {}/cargo-otel/", home.display())), "{plan}");
    let output = succeed(&mut otel("run"));
    assert_eq!(text(&output.stdout), PRINTED);
    assert!(!text(&output.stderr).contains("Preparing") && is_shared(&project.folder.join("target")));

    // Empty is as if it were not set, also for the configuration in it.
    fs::create_dir_all(project.folder.join("target/user/.cargo")).unwrap();
    fs::write(project.folder.join("target/user/.cargo/config.toml"), "build.target = ['a-b-c']\n").unwrap();
    let mut env = project.otel(&["env"]);
    env.envs([("CARGO_HOME", ""), ("HOME", "target/user")]).env("RUSTUP_HOME", rustup_home());
    let output = env.output().unwrap();
    assert!(text(&output.stderr).contains("a-b-c"), "{}", text(&output.stderr));
}

fn home_of_the_test() -> PathBuf {
    env::var_os("CARGO_HOME").map_or_else(|| env::home_dir().unwrap().join(".cargo"), PathBuf::from)
}

fn rustup_home() -> PathBuf {
    env::var_os("RUSTUP_HOME").map_or_else(|| env::home_dir().unwrap().join(".rustup"), PathBuf::from)
}

#[test]
fn a_folder_may_have_any_character() {
    for name in ["braces {y}", "quote'", "workspace-root}"] {
        let project = Project::with_log(name);
        let output = succeed(&mut project.otel(&["run"]));
        assert_eq!(text(&output.stdout), PRINTED, "{name}");
        assert!(is_shared(&project.folder.join("target")));
    }
    // Cargo itself has no value for this.
    let project = Project::with_log("setting {y}");
    let output = project.otel(&["build", "--config", "build.build-dir='elsewhere'"]).output().unwrap();
    assert!(!output.status.success() && text(&output.stderr).contains("it has braces"), "{}", text(&output.stderr));
}

#[test]
fn a_build_folder_of_the_user_holds_no_woven_crates() {
    let project = Project::with_log("build-dir");
    let built = || {
        assert!(project.folder.join("target/otel/debug/app").exists());
        assert!(project.folder.join("target/otel/debug/deps").exists());
        let _ = fs::remove_dir_all(project.folder.join("target/otel"));
        !project.folder.join("target/shared").exists()
    };
    let setting = "build.build-dir='target/shared'";
    for options in [&["--config", setting, "run"][..], &["run", "--config", setting, "--", "x"]] {
        let output = succeed(&mut project.otel(options));
        assert_eq!(text(&output.stdout), PRINTED);
        assert!(built(), "{options:?}");
    }
    succeed(project.otel(&["build"]).env("CARGO_BUILD_BUILD_DIR", "target/shared"));
    assert!(built());
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    fs::write(project.folder.join(".cargo/config.toml"), setting).unwrap();
    succeed(&mut project.otel(&["build"]));
    assert!(built());
}

#[test]
fn a_manifest_is_found_through_a_link() {
    let member = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n"
        )
    };
    let files = [
        ("ws/Cargo.toml", "[workspace]\nmembers = [\"app\"]\nresolver = \"2\"\n"),
        ("ws/app/Cargo.toml", &*member("app", "log = { path = \"../../log\" }\n")),
        (
            "ws/app/src/main.rs",
            "fn work() { println!(\"{} {:?}\", file!(), log::max_level()) }\nfn main() { work() }\n",
        ),
        ("log/Cargo.toml", &*member("log", "").replace("0.1.0", "0.4.0")),
        ("log/src/lib.rs", "pub fn max_level() -> &'static str { \"original\" }\n"),
        // For the lock file.
        ("Cargo.toml", &*manifest("outside", "").replace("[workspace]", "[workspace]\nexclude = [\"ws\", \"log\"]")),
        ("src/lib.rs", ""),
    ];
    let project = Project::new("link", &files);
    symlink(project.folder.join("ws"), project.folder.join("linked")).unwrap();
    let manifest = project.folder.join("linked/Cargo.toml");
    let run = |options: &[&str]| {
        let mut run = project.otel(&["run", "--manifest-path"]);
        run.arg(&manifest).args(options);
        run
    };
    let output = succeed(&mut run(&["--functions", "app::work"]));
    let messages = text(&output.stderr);
    assert_eq!(text(&output.stdout), "app/src/main.rs Off\n", "{messages}");
    assert!(!messages.contains("expected") && !messages.contains("no function"), "{messages}");
}

#[test]
fn a_build_that_waits_for_a_runtime_says_so() {
    let project = Project::with_log("blocking");
    // A cache in which another process builds the runtime: it holds the lock.
    let cache = project.folder.join("target/cache");
    let plan = text(&succeed(project.otel(&["plan"]).env("CARGO_OTEL_CACHE", &cache)).stdout);
    let (_, runtime) = plan.split_once("will be built for ").unwrap();
    let (target, rest) = runtime.split_once(", in ").unwrap();
    let folder = Path::new(rest.lines().next().unwrap()).join(format!("{target}-build"));
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();

    let mut limit = Command::new("timeout");
    limit.arg("60");
    let mut setup = behind(limit, &project.otel(&["setup"]));
    let mut waiting = setup.env("CARGO_OTEL_CACHE", &cache).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(waiting.stderr.take().unwrap()).lines().map(Result::unwrap);
    let line = lines.next().unwrap();
    // A signal that `timeout` passes on.
    succeed(Command::new("kill").arg(waiting.id().to_string()));
    waiting.wait().unwrap();
    assert!(line.contains("Blocking until another process has built the telemetry runtime"), "{line}");
}
