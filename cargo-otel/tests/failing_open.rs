//! A failure of telemetry never breaks the build of an application.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::process::Command;

use fixture::{Project, host, is_shared, manifest, script, succeed, text};

const MAIN: &str = "fn main() { println!(\"{}\", actix_web::answer()) }\n";

#[test]
fn a_crate_that_looks_different_is_compiled_as_it_is() {
    let project = Project::beside("stage-1", "actix-web", "4.99.0", "pub fn answer() -> u32 { 42 }\n", MAIN);
    let before = project.tree();
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    assert!(text(&output.stderr).contains("actix-web 4.99.0 is not instrumented"), "{}", text(&output.stderr));
    let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
    assert!(plan.contains("left alone\n  actix-web 4.99.0: "), "{plan}");
    assert_eq!(project.tree(), before);

    let output = project.otel(&["--strict", "build", "--release"]).output().unwrap();
    assert!(!output.status.success());
    assert!(text(&output.stderr).contains("actix-web 4.99.0 is not instrumented"), "{}", text(&output.stderr));
}

#[test]
fn a_version_without_a_recipe_is_compiled_as_it_is() {
    let project = Project::beside("version", "actix-web", "3.3.3", "pub fn answer() -> u32 { 42 }\n", MAIN);
    let output = succeed(&mut project.otel(&["run"]));
    assert_eq!(text(&output.stdout), "42\n");
    assert!(text(&output.stderr).contains("the recipe is for versions >=4.0.0, <5"), "{}", text(&output.stderr));
}

#[test]
fn a_crate_that_does_not_compile_with_its_edits_is_compiled_as_it_is() {
    // The edit calls a method that is not there.
    let source = "mod registry;\npub fn answer() -> u32 { registry::sharded::answer() }\n";
    let main = "fn main() { println!(\"{}\", tracing_subscriber::answer()) }\n";
    let project = Project::beside("stage-2", "tracing-subscriber", "0.3.99", source, main);
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

    let messages = project.refused(&[]);
    assert!(messages.contains("tracing-subscriber 0.3.99 is not instrumented: it does not compile"), "{messages}");
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
    let is_left_alone = || {
        let output = succeed(&mut project.otel(&["run"]));
        assert_eq!(text(&output.stdout), "42\n");
        !text(&output.stderr).contains("reqwest 0.12.99 is not instrumented")
    };
    assert!(is_left_alone());

    // The manifest decides, also when the lock file is not up to date or is not there.
    let manifest_of = |dependencies: &str| {
        std::fs::write(project.folder.join("Cargo.toml"), manifest("app", dependencies)).unwrap();
    };
    manifest_of("reqwest = { path = \"reqwest\" }");
    assert!(!is_left_alone());
    manifest_of(dependencies);
    assert!(is_left_alone());
    succeed(&mut project.otel(&["clean"]));
    std::fs::remove_file(project.folder.join("Cargo.lock")).unwrap();
    succeed(&mut project.in_shell(&["--strict"], "\"$CARGO\" check"));
    assert!(is_left_alone());
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

/// A runner on the command line takes the place of ours, so `cargo otel` cannot compile without starting the program.
#[test]
fn an_application_that_does_not_compile_runs_without_after_a_warning() {
    let package = |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"4.99.0\"\nedition = \"2021\"\n");
    // `--strict` asks for an actix-web, which is not compiled here: its dependency fails before.
    let files = [
        ("Cargo.toml", &*manifest("app", "actix-web = { path = \"actix-web\" }")),
        ("src/main.rs", "fn main() { actix_web::main() }\n"),
        (
            "actix-web/Cargo.toml",
            &format!("{}[dependencies]\nallergic = {{ path = \"../allergic\" }}\n", package("actix-web")),
        ),
        ("actix-web/src/lib.rs", "pub use allergic::main;\n"),
        ("allergic/Cargo.toml", &package("allergic")),
        ("allergic/src/lib.rs", &ALLERGIC.replace("fn main", "pub fn main")),
    ];
    let project = Project::new("stage-3-unknown", &files);
    let option = format!("target.{}.runner = 'env'", host());
    let output = succeed(&mut project.otel(&["run", "--config", &option]));
    assert_eq!(text(&output.stdout), "runs\n");
    let warning = "allergic did not compile. If `cargo run` compiles without `otel`, please report";
    assert!(text(&output.stderr).contains(warning), "{}", text(&output.stderr));
    let output = project.otel(&["run", "--strict", "--config", &option]).output().unwrap();
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(101), String::new()), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains(warning), "{}", text(&output.stderr));
}

/// A test runner, say, would run the tests. `cargo otel` only knows that it calls cargo.
#[test]
fn a_program_that_calls_cargo_is_called_once() {
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", ALLERGIC)];
    let project = Project::new("stage-3-runner", &files);
    let log = project.folder.join("target/called");
    let runner = script(&project, "cargo-nextest", &format!("echo called >> {}\nexec \"$CARGO\" build", log.display()));
    let mut path = runner.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let output = project.otel(&["nextest", "run"]).env("PATH", path).output().unwrap();
    assert_eq!(output.status.code(), Some(101), "{}", text(&output.stderr));
    let hint = "app did not compile. If `cargo nextest` compiles without `otel`, please report the errors above";
    assert!(text(&output.stderr).contains(hint), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(log).unwrap(), "called\n");
}

#[test]
fn an_installation_that_instrumentation_may_have_broken_says_so() {
    let files = [("Cargo.toml", &*manifest("app", "log = \"0.4\"")), ("src/main.rs", ALLERGIC)];
    let project = Project::new("stage-3-install", &files);
    let output = project.otel(&["install", "--path", ".", "--debug", "--root", "installed"]).output().unwrap();
    assert_eq!(output.status.code(), Some(101), "{}", text(&output.stderr));
    let hint = "app did not compile. If `cargo install` compiles without `otel`, please report the errors above";
    assert!(text(&output.stderr).contains(hint), "{}", text(&output.stderr));
    assert!(!project.folder.join("installed/bin").exists());
}

/// The compiler fails after it wrote the metadata. By then, cargo could have started the crate above.
#[test]
fn a_crate_whose_code_cannot_be_generated_is_compiled_as_it_is() {
    let dependencies = "log = \"0.4\"\nmiddle = { path = \"middle\" }";
    let of_middle = "[package]\nname = \"middle\"\nversion = \"0.1.0\"\n\n[dependencies]\nlog = \"0.4\"\n";
    let files = [
        ("Cargo.toml", &*manifest("app", dependencies)),
        ("src/main.rs", "fn main() { println!(\"{}\", middle::level()) }\n"),
        ("middle/Cargo.toml", of_middle),
        ("middle/src/lib.rs", "pub fn level() -> log::Level { log::Level::Info }\n"),
    ];
    let project = Project::new("stage-2-late", &files);
    let started = project.folder.join("target/started");
    // Fails for the changed crate. Before that it waits up to two seconds for the crate above.
    let body = "case \"$*\" in
            *otel/cargo-otel/woven/log-*)
                \"$@\"
                for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e STARTED ] || sleep 0.2; done
                exit 1;;
            *'--crate-name middle '*) touch STARTED;;
        esac
        exec \"$@\"";
    let wrapper = script(&project, "wrapper", &body.replace("STARTED", started.to_str().unwrap()));
    let output = succeed(project.otel(&["run"]).env("RUSTC_WRAPPER", &wrapper));
    assert_eq!(text(&output.stdout), "INFO\n");
    let messages = text(&output.stderr);
    assert!(messages.contains("it does not compile with instrumentation"), "{messages}");
    assert!(started.exists());
}

#[test]
fn a_build_that_can_have_no_runtime_is_a_plain_one() {
    let project = Project::with_log("no-runtime");
    // A compiler that calls itself old.
    let body = "\"$REAL\" \"$@\" | sed 's/^release: .*/release: 1.80.0/'";
    let rustc = script(&project, "rustc", &format!("case \"$*\" in -vV) {body};; *) exec \"$REAL\" \"$@\";; esac"));
    let real = text(&succeed(Command::new("rustc").args(["--print", "sysroot"])).stdout);
    let with = |arguments: &[&str]| {
        let mut otel = project.otel(arguments);
        otel.env("RUSTC", &rustc).env("REAL", format!("{}/bin/rustc", real.trim_end()));
        otel.output().unwrap()
    };
    let output = with(&["run"]);
    assert_eq!(text(&output.stdout), "src/main.rs 3\n", "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("this is 1.80.0"), "{}", text(&output.stderr));
    assert!(!with(&["--strict", "run"]).status.success());

    // There are runtimes only for the compiler's own targets.
    std::fs::write(project.folder.join("own.json"), "{}").unwrap();
    let output = project.otel(&["setup", "--target", "own.json"]).output().unwrap();
    assert!(text(&output.stderr).contains("own.json is a target of your own"), "{}", text(&output.stderr));
}

/// A full disk, say, says nothing about the crate.
#[test]
fn a_failure_that_passes_costs_at_most_one_build() {
    let project = Project::with_log("passing");
    let failures = project.folder.join("target/failures");
    let body = "case \"$*\" in *otel/cargo-otel/woven/log-*)
            left=$(cat FAILURES)
            if [ $left -gt 0 ]; then
                echo $((left - 1)) > FAILURES
                echo 'No space left on device' >&2
                exit 1
            fi;;
        esac
        exec \"$@\"";
    let wrapper = script(&project, "wrapper", &body.replace("FAILURES", failures.to_str().unwrap()));
    let build = |number: &str| {
        std::fs::write(&failures, number).unwrap();
        text(&succeed(project.otel(&["run", "-v"]).env("RUSTC_WRAPPER", &wrapper)).stderr)
    };
    let separate = "Separate log 0.4";
    // The compiler is called once more.
    assert!(!build("1").contains(separate));
    succeed(&mut project.otel(&["clean"]));
    let messages = build("2");
    assert!(messages.contains(separate) && messages.contains("the next build tries it again"), "{messages}");
    let messages = build("0");
    assert!(messages.contains("Dirty log") && !messages.contains(separate), "{messages}");
    assert!(build("0").contains("Fresh log"));
    // Behind variables of `env`, too.
    succeed(&mut project.otel(&["clean"]));
    std::fs::write(&failures, "2").unwrap();
    let cargo = |command: &str| {
        let output = project.in_shell(&[], command).env("RUSTC_WRAPPER", &wrapper).output().unwrap();
        text(&output.stderr)
    };
    let messages = cargo("\"$CARGO\" build -v && \"$CARGO\" build -v");
    assert!(messages.contains("Dirty log") && messages.matches("is not instrumented").count() == 1, "{messages}");
}

#[test]
fn messages_in_any_encoding_are_passed_on() {
    let project = Project::with_log("encoding");
    let body = "case \"$*\" in *'--crate-name log '*) printf 'caf\\351\\n' >&2;; esac\nexec \"$@\"";
    let wrapper = script(&project, "wrapper", body);
    let output = succeed(project.otel(&["build"]).env("RUSTC_WRAPPER", wrapper));
    let messages = text(&output.stderr);
    assert!(messages.contains("caf\u{fffd}") && !messages.contains("not instrumented"), "{messages}");
    assert!(is_shared(&project.folder.join("target")));
}

#[test]
fn a_state_that_cannot_be_written_is_no_obstacle() {
    let project = Project::with_log("state");
    let folder = project.folder.join("target/otel/cargo-otel");
    // A file takes the place of the folder behind `cargo otel env`.
    let build = |command: &str| {
        let _ = std::fs::remove_file(&folder);
        let replace = format!("rm -rf '{0}' && : > '{0}'", folder.display());
        project.in_shell(&[], &format!("{replace} && {command} \"$CARGO\" run")).output().unwrap()
    };
    let output = build("");
    assert_eq!(text(&output.stdout), "src/main.rs 3\n", "{}", text(&output.stderr));
    // A variable that is not there.
    let output = build("unset CARGO_OTEL_RUNTIMES && touch src/main.rs &&");
    assert_eq!(text(&output.stdout), "src/main.rs 3\n", "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("this build has no telemetry"), "{}", text(&output.stderr));
    let output = build("unset CARGO_OTEL_RUNTIMES && touch src/main.rs && CARGO_OTEL_STRICT=1");
    assert!(!output.status.success());
    // `cargo otel` itself.
    let output = succeed(&mut project.otel(&["run"]));
    assert!(text(&output.stderr).contains("this build has no telemetry"), "{}", text(&output.stderr));
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
