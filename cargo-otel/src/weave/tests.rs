#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::path::PathBuf;

use super::*;
use crate::recipe::Recipe;

fn scratch(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cargo-otel-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The part of actix-web that the recipe changes.
fn write_actix_web(folder: &Path, server: &str) {
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "//! A framework.\n\nmod app;\nmod server;\n").unwrap();
    fs::write(folder.join("src/server.rs"), server).unwrap();
    let app_service = "fn f() { Ok(S {\n    app_state: AppInitServiceState::new(rmap, config),\n}) }\n";
    fs::write(folder.join("src/app_service.rs"), app_service).unwrap();
    fs::write(folder.join("src/web.rs"), "pub fn block<F, R>(f: F) -> Block<F> {\n}\n").unwrap();
}

const SERVER: &str = "impl S {\n    pub fn new(factory: F) -> Self {\n        Self\n    }\n\n    fn bind() {\n        \
                      let fac = factory()\n            .into_factory()\n            .map_err(|err| \
                      err.into().error_response());\n    }\n}\n";

#[test]
fn a_copy_is_changed_and_the_original_is_not() {
    let folder = scratch("woven");
    let (original, copy) = (folder.join("original"), folder.join("copy"));
    write_actix_web(&original, SERVER);
    let Some(Recipe::Weave(recipe)) = Recipe::of("actix-web") else { unreachable!() };
    weave(recipe, &Version::new(4, 18, 1), &original, &copy).unwrap();

    let server = fs::read_to_string(copy.join("src/server.rs")).unwrap();
    assert!(server.contains("otel_agent::start();"), "{server}");
    assert!(server.contains("__private::ServiceKind.instrument(factory())"), "{server}");
    assert_eq!(server.lines().count(), SERVER.lines().count(), "lines keep their numbers");
    assert_eq!(fs::read_to_string(original.join("src/server.rs")).unwrap(), SERVER);
    let module = fs::read_to_string(copy.join("src/__otel/mod.rs")).unwrap();
    assert!(!module.contains("otel_macros"), "{module}");
    assert!(fs::read_to_string(copy.join("src/__otel/telemetry.rs")).unwrap().contains("add_response_mapper"));

    // A second copy replaces the first.
    weave(recipe, &Version::new(4, 0, 0), &original, &copy).unwrap();
    assert!(!fs::read_to_string(copy.join("src/__otel/telemetry.rs")).unwrap().contains("add_response_mapper"));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_does_not_fit_leaves_no_copy() {
    let folder = scratch("unfit");
    let (original, copy) = (folder.join("original"), folder.join("copy"));
    write_actix_web(&original, "impl S { pub fn new(factory: F) -> Self { Self } }");
    let Some(Recipe::Weave(recipe)) = Recipe::of("actix-web") else { unreachable!() };
    let error = weave(recipe, &Version::new(4, 18, 1), &original, &copy).unwrap_err();
    assert!(format!("{error:#}").contains("src/server.rs of 4.18.1"), "{error:#}");
    assert!(!copy.exists());
    let error = weave(recipe, &Version::new(5, 0, 0), &original, &copy).unwrap_err();
    assert!(format!("{error:#}").contains("versions"), "{error:#}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn edits_fit_the_sources_of_this_project() {
    let folder = scratch("modules");
    let versions = [(0, 8, 6), (0, 9, 0), (0, 12, 28), (0, 13, 5), (3, 0, 0), (4, 0, 0), (4, 18, 1)];
    let versions = versions.map(|(major, minor, patch)| Version::new(major, minor, patch));
    for recipe in Recipe::all() {
        let Recipe::Weave(recipe) = recipe else { continue };
        for version in versions.iter().filter(|version| recipe.versions.matches(version)) {
            module::write(recipe, version, &folder).unwrap();
        }
    }
    fs::remove_dir_all(folder).unwrap();
}
