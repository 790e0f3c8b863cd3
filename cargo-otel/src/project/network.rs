//! Settings with which cargo reaches registries, for a build outside of the project: cargo reads the files of the folder in
//! which it is called.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use toml::{Table, Value};

use super::config::Config;
use super::settings::Settings;

/// The sections of these settings.
const SECTIONS: [&str; 5] = ["http", "net", "registries", "registry", "source"];

/// Keys whose values are paths.
const PATHS: [&str; 2] = ["cainfo", "proxy-cainfo"];

/// Keys whose values must not appear in a list of processes. Cargo also finds them in its file of credentials.
const SECRETS: [&str; 2] = ["token", "secret-key"];

impl Config {
    /// The settings as values of `--config`. Sources in a folder, as of `cargo vendor`, are left out: they hold the crates of
    /// the project alone.
    pub(crate) fn network(&self) -> Vec<String> {
        let mut all = BTreeMap::new();
        // A variable is stronger than a file, and reaches the other build by itself.
        self.files.iter().rev().for_each(|settings| add(settings, true, &mut all));
        self.options.iter().rev().for_each(|settings| add(settings, false, &mut all));
        let is_source = |path: &[String]| path.first().is_some_and(|section| section == "source");
        let in_a_folder = |(path, _): (&Vec<String>, _)| {
            is_source(path) && path.last().is_some_and(|key| key == "directory" || key == "local-registry")
        };
        if all.iter().any(in_a_folder) {
            all.retain(|path, _| !is_source(path));
        }
        let key = |path: &[String]| {
            path.iter().map(|key| Value::from(key.as_str()).to_string()).collect::<Vec<_>>().join(".")
        };
        all.iter().map(|(path, value)| format!("{}={value}", key(path))).collect()
    }
}

fn add(settings: &Settings, is_file: bool, all: &mut BTreeMap<Vec<String>, Value>) {
    for section in SECTIONS {
        if let Some(Value::Table(table)) = settings.get(&[section]) {
            add_table(table, &[section.to_owned()], settings, is_file, all);
        }
    }
}

fn add_table(
    table: &Table,
    path: &[String],
    settings: &Settings,
    is_file: bool,
    all: &mut BTreeMap<Vec<String>, Value>,
) {
    for (key, value) in table {
        let path: Vec<String> = path.iter().chain([key]).cloned().collect();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        match value {
            _ if SECRETS.contains(&key.as_str()) => {}
            _ if is_file && env::var_os(Config::variable_of(&names)).is_some() => {}
            Value::Table(table) => add_table(table, &path, settings, is_file, all),
            Value::String(text) if PATHS.contains(&key.as_str()) => {
                let file = settings.folder.join(Path::new(text));
                all.insert(path, Value::from(file.to_string_lossy().into_owned()));
            }
            value => drop(all.insert(path, value.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(options: &[&str], files: &[&str]) -> Vec<String> {
        let settings =
            |texts: &[&str]| texts.iter().flat_map(|text| Settings::of_option(Path::new("/here"), text)).collect();
        Config { options: settings(options), files: settings(files) }.network()
    }

    #[test]
    fn the_strongest_value_is_passed_on_but_no_secret() {
        let files = [
            "http = { proxy = 'a:1', cainfo = 'ca.pem' }\nregistries.mine = { index = 'i', token = 's' }",
            "http.proxy = 'b:2'",
        ];
        let expected = [
            r#""http"."cainfo"="/here/ca.pem""#,
            r#""http"."proxy"="a:1""#,
            r#""net"."retry"=3"#,
            r#""registries"."mine"."index"="i""#,
        ];
        assert_eq!(network(&["net.retry = 3"], &files), expected);
    }

    #[test]
    fn a_mirror_is_passed_on_but_no_folder_of_sources() {
        let mirror = "source = { crates-io = { replace-with = 'm' }, m = { registry = 'sparse+https://m/' } }";
        assert_eq!(network(&[], &[mirror]).len(), 2);
        let vendored = "source = { crates-io = { replace-with = 'v' }, v = { directory = 'vendored' } }";
        assert_eq!(network(&[], &[vendored, "http.timeout = 9"]), [r#""http"."timeout"=9"#]);
    }
}
