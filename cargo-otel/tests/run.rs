//! `cargo otel run` and `test` build and start what `cargo run` and `test` do, in the same environment.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use fixture::{Project, host, is_shared, manifest, script, succeed, text};

#[test]
fn only_the_program_that_runs_is_built() {
    let default_run =
        manifest("app", "log = \"0.4\"").replace("\n\n[workspace]", "\ndefault-run = \"a\"\n\n[workspace]");
    let files = [
        ("Cargo.toml", &*default_run),
        ("src/bin/a.rs", "fn main() { log::info!(\"\"); println!(\"a\") }\n"),
        ("src/bin/b.rs", "fn main() { missing() }\n"),
    ];
    let project = Project::new("run-default", &files);
    assert_eq!(text(&succeed(&mut project.otel(&["run"])).stdout), "a\n");
    assert!(is_shared(&project.folder.join("target")));
}

/// Prints its variables, except those that name the folders of a build.
const ENVIRONMENT: &str = "fn print() {
    let mut variables: Vec<_> = std::env::vars().filter(|(name, _)| name != \"LD_LIBRARY_PATH\").collect();
    variables.sort();
    for (name, value) in variables { println!(\"{name}={value}\") }
    println!(\"{:?}\", std::env::args().skip(1).collect::<Vec<_>>());
}
fn main() { print() }
#[test]
fn prints() { print() }
";

#[test]
fn programs_see_the_environment_of_plain_cargo() {
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", ENVIRONMENT)];
    let project = Project::new("run-environment", &files);
    let runner = format!("CARGO_TARGET_{}_RUNNER", host().to_uppercase().replace('-', "_"));
    for arguments in [&["run", "--", "a", "b c"][..], &["test", "--", "--nocapture"]] {
        let output = |mut command: Command| {
            command
                .env("CARGO_OTEL_CACHE", fixture::cache())
                .env("CARGO_TARGET_DIR", project.folder.join("target/own"));
            let output = succeed(command.env(&runner, "env OF_RUNNER=1"));
            let lines = text(&output.stdout);
            assert!(lines.contains("OF_RUNNER=1"), "{lines}");
            lines.lines().filter(|line| line.contains('=')).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(output(project.otel(arguments)), output(project.cargo(arguments)), "{arguments:?}");
    }
    let shell = project.in_shell(&[], "\"$CARGO\" run");
    let output = text(&succeed(&mut { shell }).stdout);
    let ours = ["RUSTC_WRAPPER", "CARGO_TARGET_DIR", "CARGO_OTEL_STATE", &runner];
    assert!(!ours.iter().any(|name| output.contains(&format!("{name}="))), "{output}");
}

#[test]
fn the_users_runner_starts_the_program() {
    let project = Project::with_log("run-runner");
    let runner = script(&project, "runner", "echo \"$1\"\nshift\nexec \"$@\"");
    fs::create_dir(project.folder.join(".cargo")).unwrap();
    let array = format!("runner = ['{}', 'by the runner']", runner.display());
    for section in [host(), "'cfg(all(unix, panic = \"unwind\"))'".to_owned()] {
        let other = "[target.'cfg(windows)']\nrunner = 'missing'\n";
        fs::write(project.folder.join(".cargo/config.toml"), format!("{other}[target.{section}]\n{array}\n")).unwrap();
        let output = succeed(&mut project.otel(&["run"]));
        assert_eq!(text(&output.stdout), "by the runner\nsrc/main.rs 3\n", "{section}");
    }
    let option = format!("target.{}.{array}", host());
    let output = succeed(&mut project.otel(&["run", "--config", &option]));
    assert_eq!(text(&output.stdout), "by the runner\nsrc/main.rs 3\n");
}

#[test]
fn a_run_is_one_build() {
    let script = "fn main() {
    use std::io::Write as _;
    println!(\"cargo::rerun-if-changed=missing\");
    let file = std::fs::OpenOptions::new().create(true).append(true).open(\"target/called\").unwrap();
    { file }.write_all(b\"x\").unwrap();
}
";
    let main = "fn main() { println!(\"{}\", std::process::id()) }\n";
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", main), ("build.rs", script)];
    let project = Project::new("run-once", &files);
    let arguments = ["run", "--message-format", "json", "--timings"];
    let run = project.otel(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let id = run.id();
    let output = run.wait_with_output().unwrap();
    let lines = text(&output.stdout);
    assert_eq!(lines.matches("\"build-finished\"").count(), 1, "{lines}");
    // The program has the process of the command: signals reach it.
    assert_eq!(lines.lines().last(), Some(&*id.to_string()), "{lines}");
    assert_eq!(fs::read_to_string(project.folder.join("target/called")).unwrap(), "x");
}

#[test]
fn a_build_script_may_run_a_program() {
    let script = "fn main() {
    let cargo = std::env::var_os(\"CARGO\").unwrap();
    let mut tool = std::process::Command::new(cargo);
    tool.args([\"run\", \"-q\", \"--manifest-path\", \"tool/Cargo.toml\", \"--target-dir\"]).arg(std::env::var_os(\"OUT_DIR\").unwrap());
    let output = tool.output().unwrap();
    println!(\"cargo::rustc-env=MADE={}\", String::from_utf8(output.stdout).unwrap().trim());
}
";
    let files = [
        ("Cargo.toml", &*manifest("app", "log = \"0.4\"")),
        ("src/main.rs", "fn main() { println!(\"{}\", env!(\"MADE\")) }\n"),
        ("build.rs", script),
        ("tool/Cargo.toml", &manifest("tool", "")),
        ("tool/src/main.rs", "fn main() { println!(\"by a tool\") }\n"),
    ];
    let project = Project::new("run-tool", &files);
    assert_eq!(text(&succeed(&mut project.otel(&["run"])).stdout), "by a tool\n");
}

/// The files in which the processes of a build write for the front end.
fn inboxes(project: &Project) -> Vec<PathBuf> {
    let files = fs::read_dir(project.folder.join("target/otel/cargo-otel")).unwrap().map(|file| file.unwrap().path());
    let is_inbox = |name: &str| name.starts_with("program-") || name.starts_with("failures-");
    files.filter(|file| is_inbox(&file.file_name().unwrap().to_string_lossy())).collect()
}

#[test]
fn a_program_does_not_start_after_its_command_was_killed() {
    let script = "fn main() {
    println!(\"cargo::rerun-if-changed=build.rs\");
    std::fs::write(\"target/started\", \"\").unwrap();
    for _ in 0..12_000 {
        if std::path::Path::new(\"target/go\").exists() { break }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
";
    let main = "fn main() { std::fs::write(\"target/ran\", \"\").unwrap() }\n";
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", main), ("build.rs", script)];
    let project = Project::new("run-killed", &files);
    let file = |name: &str| project.folder.join("target").join(name);
    let mut run = project.otel(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
    while !file("started").exists() {
        assert_eq!(run.try_wait().unwrap(), None);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let modes = inboxes(&project).into_iter().map(|file| fs::metadata(file).unwrap().permissions().mode() & 0o777);
    let modes: Vec<u32> = modes.collect();
    run.kill().unwrap();
    run.wait().unwrap();
    fs::write(file("go"), "").unwrap();
    // All other processes have the pipe, too: it ends with the last of them.
    let mut messages = String::new();
    run.stderr.take().unwrap().read_to_string(&mut messages).unwrap();
    assert!(messages.contains("`cargo otel run` was stopped"), "{messages}");
    assert_eq!(modes, [0o600; 2]);
    assert!(!file("ran").exists());

    succeed(&mut project.otel(&["run"]));
    assert!(file("ran").exists());
    assert!(inboxes(&project).is_empty());
}

#[test]
fn notes_come_before_a_program_that_this_program_cannot_start() {
    let main = "fn main() { eprintln!(\"runs {} {:?}\", actix_web::answer(), std::env::args().skip(1).collect::<Vec<_>>()) }\n";
    let source = "pub fn answer() -> u32 { 42 }\n";
    let project = Project::beside("run-notes", "actix-web", "4.99.0", source, main);
    let option = format!("target.{}.runner = 'env'", host());
    let output = succeed(&mut project.otel(&["run", "--config", &option, "--", "--port", "1"]));
    let messages = text(&output.stderr);
    let (_, behind_note) = messages.split_once("actix-web 4.99.0 is not instrumented").unwrap();
    assert!(behind_note.contains("runs 42 [\"--port\", \"1\"]"), "{messages}");
    assert_eq!(messages.matches("Finished").count(), 1, "{messages}");
}
