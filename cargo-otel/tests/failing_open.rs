//! A failure of telemetry never breaks the build of an application.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::{Project, manifest, succeed, text};

/// An application with a crate of this name and version beside it.
fn beside(name: &str, dependency: &str, version: &str, source: &str, main: &str) -> Project {
    let of_dependency = format!("[package]\nname = \"{dependency}\"\nversion = \"{version}\"\nedition = \"2021\"\n");
    let files = [
        ("Cargo.toml", &*manifest("app", &format!("{dependency} = {{ path = \"{dependency}\" }}"))),
        ("src/main.rs", main),
        (&*format!("{dependency}/Cargo.toml"), &of_dependency),
        (&*format!("{dependency}/src/lib.rs"), source),
    ];
    Project::new(name, &files)
}

const MAIN: &str = "fn main() { println!(\"{}\", actix_web::answer()) }\n";

#[test]
fn a_crate_that_looks_different_is_compiled_as_it_is() {
    let project = beside("stage-1", "actix-web", "4.99.0", "pub fn answer() -> u32 { 42 }\n", MAIN);
    let before = project.tree();
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    assert!(text(&output.stderr).contains("actix-web 4.99.0 is not instrumented"), "{}", text(&output.stderr));
    let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
    assert!(plan.contains("left alone\n  actix-web 4.99.0: "), "{plan}");
    assert_eq!(project.tree(), before);

    let output = project.otel(&["--strict", "build", "--release"]).output().unwrap();
    assert!(!output.status.success());
}

#[test]
fn a_version_without_a_recipe_is_compiled_as_it_is() {
    let project = beside("version", "actix-web", "3.3.3", "pub fn answer() -> u32 { 42 }\n", MAIN);
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    assert!(text(&output.stderr).contains("the recipe is for versions >=4.0.0, <5"), "{}", text(&output.stderr));
}

#[test]
fn a_crate_that_does_not_compile_with_its_edits_is_compiled_as_it_is() {
    // The edit calls a method that is not there.
    let source = "mod registry;\npub fn answer() -> u32 { registry::sharded::answer() }\n";
    let main = "fn main() { println!(\"{}\", tracing_subscriber::answer()) }\n";
    let project = beside("stage-2", "tracing-subscriber", "0.3.99", source, main);
    let sharded = "pub struct Event<'a>(pub &'a str);\npub struct Registry;\nimpl Registry {\n    pub fn event(&self, _: \
                   &Event<'_>) {}\n}\npub fn answer() -> u32 { Registry.event(&Event(\"\")); 42 }\n";
    std::fs::create_dir_all(project.folder.join("tracing-subscriber/src/registry")).unwrap();
    std::fs::write(project.folder.join("tracing-subscriber/src/registry.rs"), "pub mod sharded;\n").unwrap();
    std::fs::write(project.folder.join("tracing-subscriber/src/registry/sharded.rs"), sharded).unwrap();
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    let messages = text(&output.stderr);
    assert!(messages.contains("tracing-subscriber 0.3.99 is not instrumented: it does not compile"), "{messages}");
    assert!(!messages.contains("mismatched types"), "the errors are not the user's: {messages}");
    // A change of the original's files compiles it again.
    std::fs::write(project.folder.join("tracing-subscriber/src/registry/sharded.rs"), sharded.replace("42", "43"))
        .unwrap();
    assert_eq!(text(&succeed(&mut project.otel(&["run"])).stdout), "43\n");

    let output = project.otel(&["--strict", "build", "--release"]).output().unwrap();
    assert!(!output.status.success());
}

#[test]
fn a_library_is_left_alone_beside_a_crate_that_records_its_calls() {
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.12.99\"\nedition = \"2021\"\n");
    let dependencies = "reqwest = { path = \"reqwest\" }\nreqwest-tracing = { path = \"reqwest-tracing\" }";
    let files = [
        ("Cargo.toml", &*manifest("app", dependencies)),
        ("src/main.rs", "fn main() { println!(\"{}\", reqwest::answer()) }\n"),
        ("reqwest/Cargo.toml", &package("reqwest")),
        // No recipe fits this code, which would be an error.
        ("reqwest/src/lib.rs", "pub fn answer() -> u32 { 42 }\n"),
        ("reqwest-tracing/Cargo.toml", &package("reqwest-tracing")),
        ("reqwest-tracing/src/lib.rs", ""),
    ];
    let project = Project::new("left-alone", &files);
    let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
    assert!(plan.contains("left alone\n  reqwest 0.12.99: reqwest-tracing records its calls\n"), "{plan}");
    let output = succeed(&mut project.otel(&["run"]));
    assert!(!text(&output.stderr).contains("not instrumented"), "{}", text(&output.stderr));
}

/// A crate that compiles only without instrumentation.
const ALLERGIC: &str =
    "const _: () = assert!(option_env!(\"CARGO_OTEL_STATE\").is_none());\nfn main() { println!(\"runs\") }\n";

#[test]
fn an_application_that_instrumentation_breaks_runs_without() {
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", ALLERGIC)];
    let project = Project::new("stage-3", &files);
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "runs\n");
    assert!(text(&output.stderr).contains("instrumentation broke the build of app"), "{}", text(&output.stderr));
    for command in ["build", "test"] {
        let output = project.otel(&[command]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("instrumentation broke the build of app"), "{}", text(&output.stderr));
    }
}

#[test]
fn the_users_own_errors_are_just_that() {
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", "fn main() { missing() }\n")];
    let project = Project::new("own-error", &files);
    let output = project.otel(&["run"]).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    let messages = text(&output.stderr);
    assert_eq!(messages.matches("cannot find function `missing`").count(), 1, "{messages}");
    assert!(!messages.contains("instrumentation broke"), "{messages}");
}

#[test]
fn exit_codes_are_the_programs() {
    let files =
        [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", "fn main() { std::process::exit(7) }\n")];
    let project = Project::new("exit", &files);
    assert_eq!(project.otel(&["run"]).output().unwrap().status.code(), Some(7));
    let files =
        [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/lib.rs", "#[test]\nfn fails() { panic!() }\n")];
    let project = Project::new("failing-test", &files);
    let output = project.otel(&["test"]).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert!(!text(&output.stderr).contains("instrumentation broke"), "{}", text(&output.stderr));
}

/// Code whose type inference depends on the trait implementations in scope. With some of TLS libraries
/// (`impl From<..> for ()`) or of `serde_json` (`impl PartialEq<Value> for i32`), it does not compile.
#[test]
fn inference_is_as_it_was() {
    let snippets = "
        pub fn unit_error(r: Result<u8, ()>) -> Result<u8, ()> {
            let twice = move || { let v = r?; Ok(v * 2) };
            let v: u8 = twice()?;
            Ok(v)
        }
        pub fn collected(words: &[&str]) -> String { words.iter().copied().collect::<Vec<_>>().concat().as_str().into() }
        pub fn compared(text: &String) -> bool { text == \"a\" && *text == *\"b\" }
        pub fn summed(values: &[f64]) -> f64 { values.iter().map(|value| value * 2.0).sum::<f64>() + 1 as f64 }
        pub fn equal(number: i32, text: &str) -> bool { number == text.parse().unwrap() }
        pub fn equal_text(text: &str, bytes: &[u8]) -> bool { bytes == text.bytes().collect::<Vec<_>>() }
        fn main() {
            assert!(equal(7, \"7\") && equal_text(\"a\", b\"a\"));
            let _subscriber = tracing_subscriber::registry();
            let _shared = opentelemetry::global::tracer(\"app\");
            println!(\"{:?}\", unit_error(Ok(1)));
        }
    ";
    let dependencies = "opentelemetry = \"0.33\"\ntracing-subscriber = { version = \"0.3\", default-features = false, \
                        features = [\"registry\"] }";
    let files = [("Cargo.toml", &*manifest("app", dependencies)), ("src/main.rs", snippets)];
    let project = Project::new("inference", &files);
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "Ok(2)\n");
    assert!(!text(&output.stderr).contains("broke"), "{}", text(&output.stderr));
}
