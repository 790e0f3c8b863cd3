//! Settings with which cargo reaches registries, for a build outside of the project: cargo reads the files of the folder in
//! which it is called.

use std::env;
use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use tempfile::NamedTempFile;
use toml::{Table, Value};

use super::config::Config;
use super::settings::Settings;

/// The sections of these settings.
const SECTIONS: [&str; 5] = ["http", "net", "registries", "registry", "source"];

/// Keys whose values are paths.
const PATHS: [&str; 2] = ["cainfo", "proxy-cainfo"];

/// The name of a file with the settings.
const FILE: &str = "network.toml";

/// The settings. They may contain tokens and passwords: of a proxy, for example.
#[derive(Default)]
pub(crate) struct Network(Table);

impl fmt::Debug for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Network").finish_non_exhaustive()
    }
}

impl Network {
    /// The same settings, but without access to the network.
    pub(crate) fn offline(mut self) -> Self {
        if let Some(net) = table(&mut self.0, "net") {
            net.insert("offline".to_owned(), Value::from(true));
        }
        self
    }

    /// Adds the settings to a call of cargo in `folder`. They are in a file that only the user can read, because everybody can
    /// read the arguments of a process. Dropping the returned value deletes the file.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(crate) fn add_to(&self, command: &mut Command, folder: &Path) -> io::Result<NamedTempFile> {
        // One name, so that a process that was killed leaves a single file, until the next build.
        match fs::remove_file(folder.join(FILE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = tempfile::Builder::new().prefix(FILE).rand_bytes(0).tempfile_in(folder)?;
        file.write_all(self.0.to_string().as_bytes())?;
        command.args(["--config", FILE]);
        Ok(file)
    }
}

impl Config {
    /// The settings. Sources in a folder, as of `cargo vendor`, are left out: they hold the crates of the project alone.
    pub(crate) fn network(&self) -> Network {
        let mut all = Table::new();
        // A variable is stronger than a file, and reaches the other build by itself.
        self.files.iter().rev().for_each(|settings| add(settings, true, &mut all));
        self.options.iter().rev().for_each(|settings| add(settings, false, &mut all));
        let is_folder =
            |source: &Value| ["directory", "local-registry"].iter().any(|folder| source.get(folder).is_some());
        let sources = all.get("source").and_then(Value::as_table);
        if sources.is_some_and(|sources| sources.values().any(is_folder)) {
            all.remove("source");
        }
        Network(all)
    }
}

fn add(settings: &Settings, is_file: bool, all: &mut Table) {
    for section in SECTIONS {
        if let Some(Value::Table(from)) = settings.get(&[section]) {
            add_table(from, &[section], settings, is_file, all);
        }
    }
}

/// Adds the values of the table at `path`.
fn add_table(from: &Table, path: &[&str], settings: &Settings, is_file: bool, all: &mut Table) {
    for (key, value) in from {
        let path = [path, &[key]].concat();
        match value {
            _ if is_file && env::var_os(Config::variable_of(&path)).is_some() => {}
            Value::Table(from) => add_table(from, &path, settings, is_file, all),
            Value::String(text) if PATHS.contains(&key.as_str()) => {
                let file = settings.folder.join(text);
                insert(all, &path, Value::from(file.to_string_lossy().into_owned()));
            }
            value => insert(all, &path, value.clone()),
        }
    }
}

fn insert(mut all: &mut Table, path: &[&str], value: Value) {
    let Some((key, tables)) = path.split_last() else { return };
    for name in tables {
        match table(all, name) {
            Some(inner) => all = inner,
            // A weaker place has another kind of value, which cargo reports.
            None => return,
        }
    }
    all.insert((*key).to_owned(), value);
}

/// The table of this name, which is created. `None` if there is another value.
fn table<'a>(all: &'a mut Table, name: &str) -> Option<&'a mut Table> {
    all.entry(name).or_insert_with(|| Table::new().into()).as_table_mut()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    fn network(options: &[&str], files: &[&str]) -> Network {
        let settings =
            |texts: &[&str]| texts.iter().flat_map(|text| Settings::of_option(Path::new("/here"), text)).collect();
        Config { options: settings(options), files: settings(files) }.network()
    }

    fn settings(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn the_strongest_value_is_passed_on() {
        let files = [
            "http = { proxy = 'a:1', cainfo = 'ca.pem' }\nregistries.mine = { index = 'i', token = 's' }",
            "http.proxy = 'b:2'\nbuild.jobs = 1",
        ];
        let expected = "http = { proxy = 'a:1', cainfo = '/here/ca.pem' }\nnet = { retry = 3, offline = true }\n\
                        registries.mine = { index = 'i', token = 's' }";
        assert_eq!(network(&["net.retry = 3"], &files).offline().0, settings(expected));
    }

    #[test]
    fn a_mirror_is_passed_on_but_no_folder_of_sources() {
        let mirror = "source = { crates-io = { replace-with = 'm' }, m = { registry = 'sparse+https://m/' } }";
        assert_eq!(network(&[], &[mirror]).0, settings(mirror));
        let vendored = "source = { crates-io = { replace-with = 'v' }, v = { directory = 'vendored' } }";
        assert_eq!(network(&[], &[vendored, "http.timeout = 9"]).0, settings("http.timeout = 9"));
    }

    #[test]
    fn only_the_user_can_read_the_file_which_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        fs::write(&path, "of a killed process").unwrap();
        let mut command = Command::new("cargo");
        let network = network(&[], &["http.proxy = 'http://user:password@proxy'"]);
        let file = network.add_to(&mut command, folder.path()).unwrap();
        assert_eq!(command.get_args().collect::<Vec<_>>(), ["--config", FILE]);
        assert_eq!(settings(&fs::read_to_string(&path).unwrap()), network.0);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(file);
        assert!(!path.exists() && !format!("{network:?}").contains("password"));
    }
}
