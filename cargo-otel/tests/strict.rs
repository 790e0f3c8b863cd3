//! `--strict` and `--quiet` after builds without them: cargo compiles nothing again, but the results hold.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::{Project, succeed, text};

/// An application with an `actix-web` that no recipe fits.
fn project(name: &str) -> Project {
    let main = "fn main() { println!(\"{}\", actix_web::answer()) }\n";
    Project::beside(name, "actix-web", "4.99.0", "pub fn answer() -> u32 { 42 }\n", main)
}

const WARNING: &str = "warning: cargo-otel: actix-web 4.99.0 is not instrumented";

#[test]
fn a_crate_that_was_built_as_it_is_is_refused_later() {
    let project = project("strict-later");
    let output = succeed(&mut project.otel(&["build"]));
    assert!(text(&output.stderr).contains(WARNING), "{}", text(&output.stderr));
    let refused = |output: std::process::Output| {
        let messages = text(&output.stderr);
        assert!(!output.status.success() && messages.contains("actix-web 4.99.0 is not instrumented"), "{messages}");
        assert!(!messages.contains("instrumentation broke"), "{messages}");
    };
    refused(project.otel(&["--strict", "build"]).output().unwrap());
    succeed(&mut project.otel(&["build"]));
    refused(project.in_shell(&["--strict"], "\"$CARGO\" build").output().unwrap());
    assert_eq!(text(&succeed(&mut project.otel(&["run"])).stdout), "42\n");
}

#[test]
fn crates_of_other_members_are_not_mentioned() {
    let project = Project::new(
        "strict-members",
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"old\", \"new\"]\nresolver = \"2\"\n"),
            ("old/Cargo.toml", &package("old", "log = { path = \"../log\" }\nactix-web = { path = \"../actix-web\" }")),
            ("old/src/main.rs", "fn main() {}\n"),
            ("log/Cargo.toml", &package("log", "")),
            ("log/src/lib.rs", ""),
            ("actix-web/Cargo.toml", &package("actix-web", "")),
            ("actix-web/src/lib.rs", ""),
            ("new/Cargo.toml", &package("new", "")),
            ("new/src/main.rs", "fn main() {}\n"),
        ],
    );
    let output = succeed(&mut project.otel(&["build"]));
    assert!(text(&output.stderr).contains("actix-web 0.1.0 is not instrumented"), "{}", text(&output.stderr));
    let output = succeed(&mut project.otel(&["build", "-p", "new"]));
    assert!(!text(&output.stderr).contains("not instrumented"), "{}", text(&output.stderr));
}

fn package(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n")
}

#[test]
fn a_quiet_build_warns() {
    let project = project("strict-quiet");
    let output = succeed(&mut project.otel(&["build", "-q"]));
    let messages = text(&output.stderr);
    assert!(messages.contains(WARNING) && !messages.contains("Instrumenting"), "{messages}");

    let project = Project::with_log("strict-functions");
    let output = succeed(&mut project.otel(&["--functions", "app::missing", "check", "-q"]));
    let messages = text(&output.stderr);
    assert!(messages.contains("no function of the built crates got spans by `--functions app::missing`"), "{messages}");
    assert!(messages.contains("nothing serves requests here"), "{messages}");
}
