//! The documents describe the settings as the code has them.

use std::{fs, path::PathBuf};

use otel_core::config::{Config, SETTINGS, SettingDoc};

const HEAD: &str = "| variable | default | in code | |\n|---|---|---|---|\n";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

fn document(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

/// Fenced blocks of one language.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_table_in_the_documents_is_the_one_in_the_code() {
    const DOCUMENT: &str = "docs/settings.md";
    let text = document(DOCUMENT);
    let start = text.find(HEAD).expect("the document has the table") + HEAD.len();
    let length = text[start..].find("\n\n").map_or(0, |end| end + 1);
    // A table without rows is followed by the blank line at once.
    let rows = if text[start..].starts_with('\n') { "" } else { &text[start..start + length] };
    let expected: String = SETTINGS.iter().map(|row| row.to_markdown() + "\n").collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let updated = [&text[..start], &expected, &text[start + rows.len()..]].concat();
        return fs::write(path(DOCUMENT), updated).unwrap();
    }
    assert_eq!(rows, expected, "UPDATE_GOLDEN=1 makes it anew");
}

/// The variables that a shell script exports, and their values.
fn exports(script: &str) -> Vec<(String, String)> {
    let exports = script.lines().filter_map(|line| line.strip_prefix("export "));
    exports
        .map(|export| {
            let (name, value) = export.split_once('=').expect("name=value");
            // The shell ends a word at a blank: what follows is a comment.
            let (value, comment) = value.split_once(' ').unwrap_or((value, ""));
            assert!(comment.trim_start().is_empty() || comment.trim_start().starts_with('#'), "{export}");
            assert!(!value.contains(['<', '>', '$', '"', '\'', ';', '&', '|', '(', '*']), "the shell changes {export}");
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn recipes() -> Vec<Vec<(String, String)>> {
    let document = document("docs/recipes.md");
    blocks(&document, "sh").into_iter().map(exports).filter(|exports| !exports.is_empty()).collect()
}

#[test]
fn recipes_are_understood() {
    let recipes = recipes();
    assert!(recipes.len() >= 8, "{recipes:?}");
    let known: Vec<String> = SETTINGS.iter().flat_map(SettingDoc::names).collect();
    for recipe in recipes {
        for (name, _) in &recipe {
            assert!(known.contains(name), "{name}");
        }
        let (config, problems) = Config::from_lookup(|name| {
            recipe.iter().find(|(variable, _)| variable == name).map(|(_, value)| value.clone())
        });
        // The feature may be off in this build, which is no fault of the recipe.
        let problems: Vec<_> = problems.iter().filter(|problem| !problem.reason.contains("`otlp-grpc`")).collect();
        assert!(problems.is_empty(), "{recipe:?}: {problems:?}");
        assert_eq!(config.service_name.as_deref(), Some("shop"));
    }
}

#[test]
fn keys_in_headers_arrive_as_they_are_meant() {
    let headers: Vec<_> = recipes()
        .into_iter()
        .flatten()
        .filter(|(name, _)| name.ends_with("_HEADERS"))
        .flat_map(|(_, value)| {
            let (config, _) = Config::from_lookup(|name| (name == "OTEL_EXPORTER_OTLP_HEADERS").then(|| value.clone()));
            config.traces.otlp.headers
        })
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_eq!(
        headers,
        [
            "authorization: Basic MTIzNDU2OmdsY19leGFtcGxl",
            "x-honeycomb-team: hcaik_example",
            "x-honeycomb-team: hcaik_example",
            "x-honeycomb-team: hcaik_example",
            "x-honeycomb-dataset: shop metrics",
            "authorization: Bearer eyJhbGciOiJub25lIn0.e30.",
        ]
    );
}

#[test]
fn the_configuration_file_in_the_documents_is_understood() {
    let document = document("docs/configuration-file.md");
    let blocks = blocks(&document, "yaml");
    let [file] = blocks[..] else { panic!("{blocks:?}") };
    let (config, problems) = Config::from_yaml("otel.yaml", file, |_| None);
    assert_eq!(problems, []);
    assert_eq!(config.traces.sampler.to_string(), "parentbased_traceidratio 0.1");
    assert!(config.http.excluded_urls.is_match("/healthz"));
}
