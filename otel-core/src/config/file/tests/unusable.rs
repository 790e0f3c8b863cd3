//! Files that are of no use: one problem, no telemetry, no panic.

use std::fmt::Write as _;

use super::read;
use crate::config::{Config, Setting, layers};

#[test]
fn a_file_of_no_use_is_one_problem_and_no_telemetry() {
    for (text, reason) in [
        ("", "line 1, column 1: the file is empty"),
        ("# nothing", "the file is empty"),
        ("file_format: '1.0'\nresource: [", "line "),
        ("file_format: '1.0'\n\ttabs: 1", "line 2, "),
        ("file_format: '1.0'\na: 1\na: 2", "line 3, column 1: the key \"a\" stands here twice"),
        ("file_format: '1.0'\n---\nfile_format: '1.0'", "line 2, column 1: expected one document"),
        ("file_format: '1.0'\n? [a]\n: b", "a key that is not text"),
        ("file_format: '1.0'\na: !include other.yaml", "line 2, column 4: tags"),
        ("file_format: '1.0'\na: *b", "line 2, column 4: "),
        ("file_format: '1.0'\na: &a [*a]", "an alias of what is not there"),
        ("file_format: '1.0'\na: ${SHOP:?no}", "line 2, column 4: a `${…}`"),
        ("disabled: true", "line 1, column 1: file_format is missing"),
        ("file_format: '2.0'", "line 1, column 1: file_format \"2.0\" is not understood"),
        ("file_format: [1]", "file_format is not a version"),
        ("file_format:", "file_format \"\" is not understood"),
        ("just text", "expected a mapping with file_format, found text"),
        ("- 1", "expected a mapping with file_format, found a list"),
    ] {
        let (config, problems) = read(text);
        let [problem] = problems.as_slice() else { panic!("{text}: {problems:?}") };
        assert_eq!((problem.variable.as_str(), problem.value.as_str()), ("OTEL_CONFIG_FILE", "otel.yaml"));
        assert!(problem.reason.contains(reason), "{text}: {problem}");
        assert!(problem.to_string().lines().count() == 1 && problem.fallback == "no telemetry at all");
        assert!(config.sdk_disabled && config.traces.exporters.is_empty(), "{text}");
        assert_eq!(config.propagators, Config::default().propagators, "the context is passed on");
    }
}

#[test]
fn size_has_bounds() {
    let deep = format!("file_format: '1.0'\na: {}{}", "[".repeat(100), "]".repeat(100));
    let long = format!("file_format: '1.0'\na: [{}]", "1,".repeat(30_000));
    // Each line repeats the one before ten times.
    let mut laughs = "file_format: '1.0'\na0: &a0 x\n".to_owned();
    for line in 1..20 {
        let members = vec![format!("*a{}", line - 1); 10].join(", ");
        writeln!(laughs, "a{line}: &a{line} [{members}]").unwrap();
    }
    for text in [deep, long, laughs] {
        let (config, problems) = read(&text);
        assert!(config.sdk_disabled && problems.len() == 1, "{problems:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = std::env::temp_dir().join("no such directory").join("otel.yaml").display().to_string();
    let directory = std::env::temp_dir().display().to_string();
    for (path, reason) in [(missing, "cannot be read: "), (directory, "not a file")] {
        let code = |name: &str| (name == "OTEL_CONFIG_FILE").then(|| Setting::Path(path.clone().into()));
        let (config, problems) = layers::read(&code, &|_| None, &layers::read_file);
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(config.sdk_disabled && problem.value == path && problem.reason.starts_with(reason), "{problem}");
    }
}

#[test]
fn an_empty_name_is_no_file() {
    let environment = |name: &str| match name {
        "OTEL_CONFIG_FILE" => Some("  ".to_owned()),
        "OTEL_SERVICE_NAME" => Some("shop".to_owned()),
        _ => None,
    };
    let (config, problems) = layers::read(&|_| None, &environment, &|_| Err("asked".to_owned()));
    assert_eq!((config.service_name.as_deref(), problems), (Some("shop"), vec![]));
}

#[test]
fn a_later_version_is_read_as_far_as_it_is_known() {
    let (config, problems) = read("file_format: 1.9\npropagator: {composite_list: b3}");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].variable, "otel.yaml:1:1 file_format");
    assert!(!config.sdk_disabled && config.propagators.len() == 1);
}
