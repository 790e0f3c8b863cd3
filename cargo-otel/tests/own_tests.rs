//! The tests of an application have the same outcomes as with plain cargo, one by one.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use fixture::{Project, behind, is_shared, manifest, text};

/// Runs all tests. Returns their outcomes by program and name, and the exit code.
fn outcomes(command: &mut Command) -> (BTreeMap<String, String>, Option<i32>) {
    command.args(["test", "--no-fail-fast"]).env("RUST_TEST_THREADS", "1");
    // Cargo prints the programs to one output, and they print the outcomes to the other one.
    let mut shell = Command::new("sh");
    shell.args(["-c", "exec \"$0\" \"$@\" 2>&1"]);
    let output = behind(shell, command).output().unwrap();
    let printed = text(&output.stdout);
    let mut outcomes = BTreeMap::new();
    let mut program = "";
    for line in printed.lines() {
        let start = ["Running ", "Doc-tests "].iter().find_map(|start| line.trim_start().strip_prefix(start));
        if let Some(start) = start {
            program = start.split(" (").next().unwrap();
        } else if let Some((name, outcome)) = line.strip_prefix("test ").and_then(|test| test.rsplit_once(" ... ")) {
            outcomes.insert(format!("{program}: {name}"), outcome.to_owned());
        }
    }
    assert!(!outcomes.is_empty(), "{printed}");
    (outcomes, output.status.code())
}

const LIB: &str = r#"
/// ```
/// assert_eq!(app::place(), "src/lib.rs");
/// ```
///
/// ```should_panic
/// log::info!("{}", app::place());
/// panic!();
/// ```
pub fn place() -> &'static str {
    log::info!("hello");
    file!()
}

#[cfg(test)]
mod tests {
    #[test]
    fn passes() {
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(super::place()).exists());
    }

    #[test]
    fn fails() {
        panic!("in {}", super::place());
    }

    #[test]
    #[should_panic(expected = "src/lib.rs")]
    fn panics() {
        panic!("in {}", super::place());
    }

    #[test]
    #[ignore = "takes long"]
    fn is_ignored() {}
}
"#;

/// Calls the program of the package.
const PROGRAM: &str = r#"
#[test]
fn prints() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_app")).output().unwrap();
    assert_eq!(output.stdout, b"src/main.rs src/lib.rs\n");
}
"#;

#[test]
fn outcomes_are_those_of_plain_cargo() {
    let files = [
        ("Cargo.toml", &*manifest("app", "log = \"0.4\"")),
        ("src/lib.rs", LIB),
        ("src/main.rs", "fn main() { println!(\"{} {}\", file!(), app::place()) }\n"),
        ("tests/program.rs", PROGRAM),
    ];
    let project = Project::new("own-tests", &files);
    let plain = outcomes(&mut project.cargo(&[]));
    assert_eq!(outcomes(&mut project.otel(&[])), plain);
    assert!(is_shared(&project.folder.join("target")));
    let (tests, code) = plain;
    assert_eq!((tests.len(), code), (7, Some(101)), "{tests:#?}");
    let failed: Vec<&String> = tests.iter().filter(|(_, outcome)| *outcome == "FAILED").map(|(name, _)| name).collect();
    assert_eq!(failed, ["unittests src/lib.rs: tests::fails"]);
}

/// Compares the tests of any application: `OWN_TESTS=/its/folder cargo test … -- --ignored --nocapture`.
#[test]
#[ignore = "needs an application, whose folder is in the variable OWN_TESTS"]
fn outcomes_of_an_application() {
    let Some(folder) = env::var_os("OWN_TESTS") else { return };
    let project = Project::with_log("own-tests-of");
    let [plain, instrumented] = [project.cargo(&[]), project.otel(&[])]
        .map(|mut command| outcomes(command.current_dir(&folder).env("CARGO_NET_OFFLINE", "false")));
    eprintln!("{:#?}", plain.0);
    assert_eq!(instrumented, plain);
}
