//! The ways in which a project can be built.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;
use std::path::Path;
use std::process::Command;

use fixture::{Project, host, is_shared, manifest, succeed, text};

#[test]
fn code_is_checked_as_it_is_built() {
    let project = Project::with_log("check");
    succeed(&mut project.otel(&["check"]));
    assert!(is_shared(&project.folder.join("target")));
    let output = succeed(&mut project.otel(&["clippy", "--", "-D", "warnings"]));
    assert!(!text(&output.stderr).contains("not instrumented"), "{}", text(&output.stderr));
    fs::write(project.folder.join("src/main.rs"), "fn main() { log::info!(\"\"); return; }\n").unwrap();
    let output = project.otel(&["clippy", "--", "-D", "warnings"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(!output.status.success() && messages.contains("needless_return"), "{messages}");
    assert!(!messages.contains("instrumentation broke"), "{messages}");
}

#[test]
fn only_units_of_the_target_are_changed() {
    // `log` is a dependency of the program, of its build script and of a macro.
    let dependencies = "log = \"0.4\"\nmacros = { path = \"macros\" }\n\n[build-dependencies]\nlog = \"0.4\"";
    let of_macros = "[package]\nname = \"macros\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[lib]\nproc-macro = true\n\n\
                     [dependencies]\nlog = \"0.4\"\n";
    let of_macros_source = "#[proc_macro]\npub fn answer(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \
                            log::info!(\"\");\n    \"42\".parse().unwrap()\n}\n";
    let script = "fn main() { log::info!(\"\"); println!(\"cargo::rustc-env=MADE=by a script\") }\n";
    let main = "fn main() { log::info!(\"\"); println!(\"{} {}\", macros::answer!(), env!(\"MADE\")) }\n";
    let files = [
        ("Cargo.toml", &*manifest("app", dependencies)),
        ("src/main.rs", main),
        ("build.rs", script),
        ("macros/Cargo.toml", of_macros),
        ("macros/src/lib.rs", of_macros_source),
    ];
    let project = Project::new("target", &files);
    let copies = || fs::read_dir(project.folder.join("target/otel/cargo-otel/woven")).unwrap().count();
    let output = succeed(&mut project.otel(&["run", "--target", &host()]));
    assert_eq!(text(&output.stdout), "42 by a script\n");
    assert_eq!(copies(), 1);
    // Without a target, host and target share their units.
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42 by a script\n");
    // Cargo's own name of the host, since 1.91.
    if project.cargo(&["build", "--target", "host-tuple"]).output().unwrap().status.success() {
        let output = succeed(&mut project.otel(&["run", "--target", "host-tuple"]));
        assert!(!text(&output.stderr).contains("no telemetry"), "{}", text(&output.stderr));
    }
}

#[test]
fn a_workspace_with_vendored_crates_is_built_frozen() {
    let member = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n"
        )
    };
    let files = [
        ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"lib\"]\nresolver = \"2\"\n"),
        ("app/Cargo.toml", &*member("app", "lib = { path = \"../lib\" }")),
        ("app/src/main.rs", "fn main() { println!(\"{}\", lib::level()) }\n#[test]\nfn runs() {}\n"),
        ("lib/Cargo.toml", &*member("lib", "log = \"0.4\"")),
        ("lib/src/lib.rs", "pub fn level() -> log::Level { log::Level::Info }\n"),
    ];
    let project = Project::new("vendored", &files);
    let config = succeed(&mut project.cargo(&["vendor", "--offline", "vendored"]));
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    fs::write(project.folder.join(".cargo/config.toml"), config.stdout).unwrap();
    let before = project.tree();
    let output = succeed(&mut project.otel(&["run", "--frozen", "-p", "app"]));
    assert_eq!(text(&output.stdout), "INFO\n");
    assert!(is_shared(&project.folder.join("target")));
    let output = succeed(&mut project.otel(&["test", "--frozen", "--workspace"]));
    assert!(text(&output.stdout).contains("test runs ... ok"), "{}", text(&output.stdout));
    assert_eq!(project.tree(), before);
}

#[test]
fn each_version_of_a_crate_is_treated_by_itself() {
    let of_dependency =
        |version: &str| format!("[package]\nname = \"log\"\nversion = \"{version}\"\nedition = \"2021\"\n");
    let files = [
        ("Cargo.toml", &*manifest("app", "log = \"0.4\"\nold = { package = \"log\", path = \"old\" }")),
        ("src/main.rs", "fn main() { log::info!(\"\"); println!(\"{}\", old::answer()) }\n"),
        ("old/Cargo.toml", &of_dependency("0.3.99")),
        ("old/src/lib.rs", "pub fn answer() -> u32 { 42 }\n"),
    ];
    let project = Project::new("two-versions", &files);
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    let messages = text(&output.stderr);
    assert!(messages.contains("Separate log 0.3.99") && !messages.contains("Separate log 0.4"), "{messages}");
}

#[test]
fn the_runtimes_contents_are_listed() {
    let project = Project::with_log("sbom");
    succeed(&mut project.otel(&["setup"]));
    let output = succeed(&mut project.otel(&["plan", "--sbom"]));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["bomFormat"], &document["specVersion"]), (&"CycloneDX".into(), &"1.5".into()));
    let components = document["components"].as_array().unwrap();
    let find = |name: &str| components.iter().find(|component| component["name"] == name);
    let api = find("opentelemetry").unwrap();
    assert!(api["purl"].as_str().unwrap().starts_with("pkg:cargo/opentelemetry@0."), "{api}");
    assert_eq!(api["licenses"][0]["expression"], "Apache-2.0");
    assert!(find("otel-agent").is_some());
    // Only for tests of the runtime, and only on another platform.
    assert!(find("trybuild").is_none() && find("windows-sys").is_none());
}

#[test]
fn everything_can_be_deleted() {
    let project = Project::with_log("clean");
    let cache = project.folder.join("target/cache");
    let runtimes = cache.join("1.89.0-0123456789abcdef");
    fs::create_dir_all(runtimes.join("x86_64-unknown-linux-gnu-build")).unwrap();
    succeed(&mut project.otel(&["build"]));
    succeed(project.otel(&["clean"]).env("CARGO_OTEL_CACHE", &cache));
    assert!(!project.folder.join("target/otel").exists() && runtimes.exists());
    succeed(project.otel(&["clean", "--all"]).env("CARGO_OTEL_CACHE", &cache));
    assert!(!cache.exists());
    // The cache belongs to no project.
    fs::create_dir_all(&runtimes).unwrap();
    succeed(project.otel(&["clean", "--all"]).current_dir("/").env("CARGO_OTEL_CACHE", &cache));
    assert!(!cache.exists());
}

#[test]
fn nothing_else_is_deleted() {
    let project = Project::with_log("clean-own");
    let own = ["1.89.0-0123456789abcdef.txt", "1.89.0-notes/text", "install/text", "other-0123456789abcdef/text"];
    for file in own.iter().chain(&["1.89.0-nightly-0123456789abcdef/x/text"]) {
        fs::create_dir_all(project.folder.join(file).parent().unwrap()).unwrap();
        fs::write(project.folder.join(file), "").unwrap();
    }
    // The folder of the cache is the project.
    succeed(project.otel(&["clean", "--all"]).env("CARGO_OTEL_CACHE", "."));
    assert!(own.iter().all(|file| project.folder.join(file).exists()) && project.folder.join("src/main.rs").exists());
    assert!(!project.folder.join("1.89.0-nightly-0123456789abcdef").exists());

    // A folder of the user has the name of ours.
    fs::create_dir(project.folder.join("otel")).unwrap();
    fs::write(project.folder.join("otel/config.yaml"), "").unwrap();
    for command in ["build", "clean"] {
        let output = project.otel(&[command, "--target-dir", "."]).output().unwrap();
        assert_eq!(output.status.success(), command == "build", "{}", text(&output.stderr));
    }
    assert!(project.folder.join("otel/config.yaml").exists());
    // The cache is deleted in spite of such a folder.
    let cache = project.folder.join("target/cache");
    fs::create_dir_all(cache.join("1.89.0-0123456789abcdef")).unwrap();
    let output =
        project.otel(&["clean", "--all", "--target-dir", "."]).env("CARGO_OTEL_CACHE", &cache).output().unwrap();
    assert!(!output.status.success() && !cache.exists(), "{}", text(&output.stderr));
}

#[test]
fn folders_of_builds_are_marked_as_caches() {
    let project = Project::with_log("tags");
    let target = project.folder.join("target");
    succeed(&mut project.otel(&["plan"]));
    assert!(!target.exists());
    succeed(&mut project.otel(&["build"]));
    // Programs for backups leave such folders out.
    for folder in [target.clone(), target.join("otel")] {
        let tag = fs::read_to_string(folder.join("CACHEDIR.TAG")).unwrap();
        assert!(tag.starts_with("Signature: 8a477f597d28d172789f06886806bc55"), "{tag}");
    }
}

/// Another release than that of the tests, and its toolchain's name.
fn other_toolchain() -> Option<(String, String)> {
    let list = text(&Command::new("rustup").args(["toolchain", "list", "--quiet"]).output().ok()?.stdout);
    let release = |toolchain: &str| {
        let output = Command::new("rustup").args(["run", toolchain, "rustc", "-vV"]).output().ok()?;
        text(&output.stdout).lines().find_map(|line| line.strip_prefix("release: ")).map(str::to_owned)
    };
    let ours = text(&succeed(Command::new("rustc").arg("-vV")).stdout);
    let others = list.lines().filter_map(|name| Some((name.to_owned(), release(name)?)));
    others.into_iter().find(|(_, release)| !ours.contains(&format!("release: {release}\n")))
}

#[test]
fn the_runtime_is_of_the_toolchain_that_builds() {
    let Some((toolchain, release)) = other_toolchain() else {
        eprintln!("skipped: rustup has no second toolchain");
        return;
    };
    let project = Project::with_log("toolchains");
    let plan_of = |command: &mut Command| text(&succeed(command).stdout);
    let is_other = |plan: &str| plan.contains(&format!("/{release}-"));
    assert!(!is_other(&plan_of(&mut project.otel(&["plan"]))));
    // Without the variables that rustup has set for this test, as in a shell.
    let shell = |program: &Path, arguments: &[&str]| {
        let mut command = project.otel(&[]);
        let folder = Path::new(command.get_program()).parent().unwrap().to_owned();
        let path =
            std::env::join_paths([folder].into_iter().chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())));
        command = Command::new(program);
        command.current_dir(&project.folder).args(arguments).env("PATH", path.unwrap());
        command.env("CARGO_NET_OFFLINE", "true").env_remove("CARGO").env_remove("RUSTUP_TOOLCHAIN");
        command
    };
    let cargo = Path::new("cargo");
    assert!(is_other(&plan_of(shell(cargo, &["otel", "plan"]).env("RUSTUP_TOOLCHAIN", &toolchain))));
    assert!(is_other(&plan_of(&mut shell(cargo, &[&format!("+{toolchain}"), "otel", "plan"]))));
    fs::write(project.folder.join("rust-toolchain.toml"), format!("[toolchain]\nchannel = \"{toolchain}\"\n")).unwrap();
    assert!(is_other(&plan_of(&mut shell(cargo, &["otel", "plan"]))));
    assert!(is_other(&plan_of(&mut shell(Path::new("cargo-otel"), &["plan"]))));
}
