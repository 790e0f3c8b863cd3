//! Settings of [cargo's configuration](https://doc.rust-lang.org/cargo/reference/config.html), read from its files and
//! options: only nightly cargo shows them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The configuration that holds for a folder.
#[derive(Debug)]
pub(crate) struct Config {
    /// The values of `--config`, the strongest first.
    options: Vec<Settings>,
    /// The files, the strongest first.
    files: Vec<Settings>,
}

#[derive(Debug)]
struct Settings {
    /// The folder from which relative paths start.
    folder: PathBuf,
    table: Table,
}

impl Config {
    /// Reads the files, and `options`, the values of `--config`. Cargo itself reports those that cannot be read.
    pub(crate) fn of(folder: &Path, options: &[String]) -> Self {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        let mut folders: Vec<PathBuf> = folder.ancestors().map(|folder| folder.join(".cargo")).collect();
        folders.extend(home.filter(|home| !folders.contains(home)));
        let of_folder = |folder: &PathBuf| {
            let file = ["config", "config.toml"].iter().map(|name| folder.join(name)).find(|file| file.exists())?;
            Settings::read(&file)
        };
        Self {
            options: options.iter().rev().filter_map(|option| Settings::of_option(folder, option)).collect(),
            files: folders.iter().filter_map(of_folder).collect(),
        }
    }

    /// A program of the section `build`, such as `rustc-wrapper`. `variable` is stronger than any other place. A program
    /// with a folder in its name is relative to the file that names it.
    pub(crate) fn program(&self, key: &str, variable: &str) -> Option<PathBuf> {
        let path = ["build", key];
        let of_settings = |settings: &Settings| {
            let program = PathBuf::from(settings.get(&path)?.as_str()?);
            Some(if program.components().count() > 1 { settings.folder.join(program) } else { program })
        };
        let program = env::var_os(variable)
            .map(PathBuf::from)
            .or_else(|| self.options.iter().find_map(of_settings))
            .or_else(|| env::var_os(variable_of(&path)).map(PathBuf::from))
            .or_else(|| self.files.iter().find_map(of_settings));
        program.filter(|program| !program.as_os_str().is_empty())
    }

    /// The targets of the build, without those of `--target`.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.list(&["build", "target"])
    }

    /// The flags of a target, `kind` is `rustflags` or `rustdocflags`. As for cargo, they come from the strongest place
    /// alone: a variable, the settings of the target, or those of all builds.
    pub(crate) fn flags(&self, kind: &str, target: &str) -> Vec<String> {
        let variable = kind.to_uppercase();
        if let Ok(flags) = env::var(format!("CARGO_ENCODED_{variable}")) {
            return flags.split('\x1f').filter(|flag| !flag.is_empty()).map(str::to_owned).collect();
        }
        if let Ok(flags) = env::var(variable) {
            return words(&flags);
        }
        let of_target = self.list(&["target", target, kind]);
        if of_target.is_empty() { self.list(&["build", kind]) } else { of_target }
    }

    /// A list, written as an array or as words. Arrays of several places are joined, the strongest last.
    fn list(&self, path: &[&str]) -> Vec<String> {
        let of_all = |all: &[Settings]| {
            let mut list = None;
            for value in all.iter().rev().filter_map(|settings| settings.get(path)) {
                match value {
                    Value::String(text) => list = Some(words(text)),
                    Value::Array(values) => {
                        let values = values.iter().filter_map(Value::as_str).map(str::to_owned);
                        list.get_or_insert_with(Vec::new).extend(values);
                    }
                    _ => {}
                }
            }
            list
        };
        let of_variable = || env::var(variable_of(path)).ok().map(|text| words(&text));
        of_all(&self.options).or_else(of_variable).or_else(|| of_all(&self.files)).unwrap_or_default()
    }
}

/// The name of a setting in the environment: `CARGO_BUILD_TARGET`.
fn variable_of(path: &[&str]) -> String {
    format!("CARGO_{}", path.join("_").to_uppercase().replace(['-', '.'], "_"))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl Settings {
    /// The value of `--config`: a file, or one setting as a line of such a file.
    fn of_option(here: &Path, option: &str) -> Option<Self> {
        let file = here.join(option);
        if file.exists() {
            Self::read(&file)
        } else {
            Some(Self { folder: here.to_owned(), table: option.parse().ok()? })
        }
    }

    /// A file. Its relative paths start in the folder that holds the file's folder, `.cargo` usually.
    fn read(file: &Path) -> Option<Self> {
        let table = fs::read_to_string(file).ok()?.parse().ok()?;
        Some(Self { folder: file.parent()?.parent()?.to_owned(), table })
    }

    fn get(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.as_table()?.get(*key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(options: &[&str], files: &[&str]) -> Config {
        let here = Path::new("/here");
        let settings = |text: &&str| Settings::of_option(here, text).unwrap_or_else(|| unreachable!("{text}"));
        Config { options: options.iter().map(settings).collect(), files: files.iter().map(settings).collect() }
    }

    #[test]
    fn options_are_stronger_than_files() {
        let config = config(&["build.rustc-wrapper = 'tools/wrapper'"], &["build = { rustc-wrapper = 'sccache' }"]);
        let none = "CARGO_OTEL_TEST_NOT_SET";
        assert_eq!(config.program("rustc-wrapper", none).as_deref(), Some(Path::new("/here/tools/wrapper")));
        assert_eq!(config.program("rustc", none), None);
    }

    #[test]
    fn flags_of_the_target_are_stronger_than_those_of_the_build() {
        let files = ["target.a-b.flags = ['-x', '1 2']", "build.flags = '-y -z'", "target.a-b.flags = ['-w']"];
        let config = config(&[], &files);
        assert_eq!(config.flags("flags", "a-b"), ["-w", "-x", "1 2"]);
        assert_eq!(config.flags("flags", "other"), ["-y", "-z"]);
    }
}
