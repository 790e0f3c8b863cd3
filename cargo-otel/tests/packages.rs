//! The packages of a build decide: those that the command selects, with their features, not all of the lock file.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::{Project, succeed, text};

/// A package with a real crate's name. No recipe fits its code.
fn package(name: &str, version: &str, dependencies: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n"
    )
}

/// The folders of these packages, as dependencies of a package beside them.
fn beside(names: &[&str]) -> String {
    let lines: Vec<String> = names.iter().map(|name| format!("{name} = {{ path = \"../{name}\" }}\n")).collect();
    lines.concat()
}

/// A workspace with a program for each of `programs`, which are names and dependencies, and with empty libraries.
fn workspace(name: &str, programs: &[(&str, &str)], libraries: &[(&str, &str)]) -> Project {
    // The libraries are members, too, because they are in this folder.
    let members: Vec<String> = programs.iter().map(|(name, _)| format!("{name:?}")).collect();
    let mut files = vec![(
        "Cargo.toml".to_owned(),
        format!("[workspace]\nmembers = [{0}]\ndefault-members = [{0}]\nresolver = \"2\"\n", members.join(", ")),
    )];
    for (name, dependencies) in programs {
        files.push((format!("{name}/Cargo.toml"), package(name, "0.1.0", dependencies)));
        files.push((format!("{name}/src/main.rs"), format!("fn main() {{ println!(\"{name} runs\") }}\n")));
    }
    for (name, version) in libraries {
        files.push((format!("{name}/Cargo.toml"), package(name, version, "")));
        files.push((format!("{name}/src/lib.rs"), String::new()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    Project::new(name, &files)
}

#[test]
fn a_library_is_left_alone_only_if_the_other_one_is_built() {
    let dependencies = "awc = { path = \"../awc\" }\notel-clients = { path = \"../otel-clients\", optional = true }\n\
                        actix-web = { path = \"../actix-web\" }";
    let libraries = [("actix-web", "4.99.0"), ("awc", "3.99.0"), ("otel-clients", "0.1.0")];
    let project = workspace("optional", &[("app", dependencies)], &libraries);
    let skipped = "Skipping awc 3.99.0: otel-clients records its calls";
    let messages = |options: &[&str]| text(&succeed(project.otel(&["run"]).args(options)).stderr);
    let without = messages(&[]);
    assert!(!without.contains(skipped) && without.contains("awc 3.99.0 is not instrumented"), "{without}");
    let with = messages(&["-Fotel-clients"]);
    assert!(with.contains(skipped) && !with.contains("awc 3.99.0 is not instrumented"), "{with}");
    // There is nothing to compile now, and the line is there again.
    assert!(messages(&["-F", "otel-clients"]).contains(skipped));

    for (options, is_left_alone) in [
        (&[][..], false),
        (&["-F", "otel-clients"], true),
        (&["-Fotel-clients"], true),
        (&["--features=otel-clients"], true),
        (&["--all-features"], true),
    ] {
        let plan = text(&succeed(project.otel(&["plan"]).args(options)).stdout);
        assert_eq!(plan.contains("awc 3.99.0: otel-clients records its calls"), is_left_alone, "{options:?}: {plan}");
    }
}

#[test]
fn only_the_selected_packages_count() {
    let programs = [("cli", ""), ("web", &*beside(&["actix-web"])), ("old", &*beside(&["otel-actix"]))];
    let project = workspace("selected", &programs, &[("actix-web", "4.99.0"), ("otel-actix", "0.1.0")]);
    let refused = |arguments: &[&str]| {
        let output = project.otel(arguments).output().unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        text(&output.stderr)
    };
    // The attribute in another member is no obstacle, and it is seen before anything is built.
    std::fs::remove_file(project.folder.join("Cargo.lock")).unwrap();
    let messages = refused(&["build", "--offline"]);
    assert!(messages.contains("instrumented by `#[auto_instrument]` already"), "{messages}");
    assert!(!messages.contains("Compiling") && !project.folder.join("target").exists(), "{messages}");
    let messages = text(&succeed(&mut project.otel(&["run", "-p", "web"])).stderr);
    assert!(messages.contains("actix-web 4.99.0 is not instrumented"), "{messages}");

    // Nothing of the other member is reported.
    let output = succeed(&mut project.otel(&["run", "-p", "cli"]));
    assert_eq!(text(&output.stdout), "cli runs\n");
    assert!(!text(&output.stderr).contains("actix-web 4.99.0"), "{}", text(&output.stderr));
    let messages = refused(&["--strict", "run", "-p", "cli"]);
    assert!(messages.contains("nothing serves requests here"), "{messages}");

    let plan = |package: &str| text(&succeed(&mut project.otel(&["plan", "-p", package])).stdout);
    assert!(plan("web").contains("\n  actix-web 4.99.0: "), "{}", plan("web"));
    assert!(!plan("cli").contains("actix-web"), "{}", plan("cli"));
    // Variables are for any member, unless one is named.
    assert!(refused(&["env"]).contains("instrumented by `#[auto_instrument]` already"));
    succeed(&mut project.otel(&["env", "-p", "web"]));
}

#[test]
fn tests_have_dependencies_of_their_own() {
    let dependencies = format!("{}\n[dev-dependencies]\n{}", beside(&["reqwest"]), beside(&["reqwest-tracing"]));
    let libraries = [("reqwest", "0.12.99"), ("reqwest-tracing", "0.5.0")];
    let project = workspace("dev", &[("app", &dependencies)], &libraries);
    let is_left_alone = |command: &str| {
        let messages = text(&succeed(&mut project.otel(&[command])).stderr);
        !messages.contains("reqwest 0.12.99 is not instrumented")
    };
    assert!(!is_left_alone("build") && is_left_alone("test"));
}

#[test]
fn a_plan_without_a_lock_file_is_an_error() {
    let project = Project::with_log("no-lock");
    std::fs::remove_file(project.folder.join("Cargo.lock")).unwrap();
    let output = project.otel(&["plan"]).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    // Cargo's own message, and nothing is written.
    assert!(text(&output.stderr).contains("--locked"), "{}", text(&output.stderr));
    assert!(!project.folder.join("Cargo.lock").exists());
    succeed(&mut project.otel(&["run"]));
    succeed(&mut project.otel(&["plan"]));
}

#[test]
fn requests_that_a_middleware_records_too_are_reported() {
    let libraries = [("actix-web", "4.99.0"), ("tracing-actix-web", "0.7.0"), ("tracing-opentelemetry", "0.34.0")];
    let names = libraries.map(|(name, _)| name);
    let alone = workspace("one-span", &[("app", &beside(&names[..2]))], &libraries);
    let line = "actix-web 4.99.0: tracing-actix-web records its requests, too";
    let messages = text(&succeed(&mut alone.otel(&["build"])).stderr);
    assert!(!messages.contains(line), "its spans stay within `tracing`: {messages}");

    let project = workspace("two-spans", &[("app", &beside(&names))], &libraries);
    let messages = text(&succeed(&mut project.otel(&["build"])).stderr);
    assert!(messages.contains(line) && messages.contains("two SERVER spans"), "{messages}");
    let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
    assert!(plan.contains(&format!("recorded twice\n  {line}\n")), "{plan}");
    let output = project.otel(&["--strict", "build"]).output().unwrap();
    assert!(!output.status.success() && text(&output.stderr).contains(line), "{}", text(&output.stderr));
}
