//! `--functions`: the builds. `application.rs` has the spans.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::{Project, manifest, succeed, text};

const MAIN: &str =
    "mod service;\n\nfn main() {\n    println!(\"{}\", service::place());\n    service::fail().unwrap_err();\n}\n";

const SERVICE: &str = r#"//! The service.
pub fn place() -> &'static str {
    concat!(file!(), ":", line!(), " ", include_str!("../data/text"))
}

pub fn fail() -> Result<(), String> {
    Err("as always".to_owned())
}
"#;

fn project(name: &str, edition: &str) -> Project {
    let manifest = manifest("app", "log = \"0.4\"").replace("edition = \"2021\"", &format!("edition = \"{edition}\""));
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", MAIN), ("src/service.rs", SERVICE), ("data/text", "text")];
    Project::new(name, &files)
}

#[test]
fn functions_are_selected_anew_in_each_build() {
    let project = project("functions", "2021");
    let before = project.tree();
    let run = |options: &[&str]| {
        let output = succeed(&mut project.otel(&[options, &["run"]].concat()));
        assert_eq!(text(&output.stdout), "src/service.rs:3 text\n", "{options:?}");
        text(&output.stderr)
    };
    let has_spans = || {
        let program = std::fs::read(project.folder.join("target/otel/debug/app")).unwrap();
        // The `code.function.name` of a call site.
        program.windows(19).any(|part| part == b"app::service::place")
    };
    run(&[]);
    assert!(!has_spans());
    let plan = text(&succeed(&mut project.otel(&["--functions", "app::service::*", "plan"])).stdout);
    assert!(plan.contains("functions with spans\n  app::service::fail\n  app::service::place\n"), "{plan}");
    let messages = run(&["--functions", "app::service::*"]);
    assert!(has_spans() && !messages.contains("no function"), "{messages}");
    let messages = run(&["--functions", "app::service::place"]);
    assert!(!messages.contains("warning: cargo-otel: no function"), "{messages}");
    assert!(run(&["--functions", "app::service::place"]).contains("Finished"));
    let messages = run(&["--functions=app::servce::*, app::service::fail"]);
    assert!(
        messages.contains("no function of the built crates got spans by `--functions app::servce::*`"),
        "{messages}"
    );
    assert!(!has_spans(), "{messages}");
    run(&[]);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_crate_that_does_not_compile_with_spans_is_compiled_as_it_is() {
    // In the edition 2015, the path of the attribute leads nowhere.
    let project = project("functions-2015", "2015");
    let output = succeed(&mut project.otel(&["--functions", "app::*", "run"]));
    assert_eq!(text(&output.stdout), "src/service.rs:3 text\n");
    let messages = text(&output.stderr);
    assert!(messages.contains("app 0.1.0 is not instrumented: functions do not compile with spans"), "{messages}");
    let messages = project.refused(&["--functions", "app::*"]);
    assert!(messages.contains("app 0.1.0 is not instrumented: functions do not compile with spans"), "{messages}");
}

#[test]
fn errors_of_the_crate_itself_are_those_of_its_sources() {
    let project = project("functions-error", "2021");
    std::fs::write(project.folder.join("src/service.rs"), SERVICE.replace("Err(", "Er(")).unwrap();
    let output = project.otel(&["--functions", "app::*", "build"]).output().unwrap();
    let messages = text(&output.stderr);
    assert!(!output.status.success() && messages.contains("src/service.rs:7:5"), "{messages}");
}

#[test]
fn patterns_that_select_nothing_anywhere_are_refused() {
    let project = project("functions-patterns", "2021");
    for (arguments, expected) in [
        (&["--functions", "place", "build"][..], "a pattern begins with the name of a crate"),
        (&["build", "--functions"][..], "a pattern begins with the name of a crate"),
        (&["--functions", "app::*", "install", "x"][..], "`--functions` does not work with `install`"),
    ] {
        let output = project.otel(arguments).output().unwrap();
        assert!(!output.status.success() && text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}
