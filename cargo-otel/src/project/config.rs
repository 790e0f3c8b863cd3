//! Settings of [cargo's configuration](https://doc.rust-lang.org/cargo/reference/config.html), read from its files and
//! options: only nightly cargo shows them.

use std::env;
use std::path::{Path, PathBuf};

use toml::Value;

use super::home::cargo_home;
use super::settings::Settings;

/// The configuration that holds for a folder.
#[derive(Debug)]
pub(crate) struct Config {
    /// The values of `--config`, the strongest first.
    pub(super) options: Vec<Settings>,
    /// The files, the strongest first.
    pub(super) files: Vec<Settings>,
}

impl Config {
    /// Reads the files of a folder, and `options`, the values of `--config`. Cargo itself reports those that cannot be read.
    pub(crate) fn of(folder: &Path, options: &[String]) -> Self {
        let mut folders: Vec<PathBuf> = folder.ancestors().map(|folder| folder.join(".cargo")).collect();
        folders.extend(cargo_home().filter(|home| !folders.contains(home)));
        let here = env::current_dir().unwrap_or_else(|_| folder.to_owned());
        let file_of = |folder: &PathBuf| {
            ["config", "config.toml"].iter().map(|name| folder.join(name)).find(|file| file.exists())
        };
        Self {
            options: options.iter().rev().flat_map(|option| Settings::of_option(&here, option)).collect(),
            files: folders.iter().filter_map(file_of).flat_map(|file| Settings::of_file(&file)).collect(),
        }
    }

    /// A program of the section `build`, such as `rustc-wrapper`. `variable` is stronger than any other place. A program
    /// with a folder in its name is relative to the file that names it, or to the current folder: the compiler is called in
    /// others.
    pub(crate) fn program(&self, key: &str, variable: &str) -> Option<PathBuf> {
        let path = ["build", key];
        let in_folder = |program: PathBuf, folder: &Path| {
            if program.components().count() > 1 { folder.join(program) } else { program }
        };
        let of_settings =
            |settings: &Settings| Some(in_folder(settings.get(&path)?.as_str()?.into(), &settings.folder));
        let of_variable = |name: &str| Some(in_folder(env::var_os(name)?.into(), &env::current_dir().ok()?));
        let program = of_variable(variable)
            .or_else(|| self.options.iter().find_map(of_settings))
            .or_else(|| of_variable(&Self::variable_of(&path)))
            .or_else(|| self.files.iter().find_map(of_settings));
        program.filter(|program| !program.as_os_str().is_empty())
    }

    /// Returns `true` if a file, a variable or an option gives a setting a value.
    pub(crate) fn has(&self, path: &[&str]) -> bool {
        self.has_option(path)
            || env::var_os(Self::variable_of(path)).is_some()
            || self.files.iter().any(|settings| settings.get(path).is_some())
    }

    /// Returns `true` if `--config` gives a setting a value, which is stronger than a variable.
    pub(crate) fn has_option(&self, path: &[&str]) -> bool {
        self.options.iter().any(|settings| settings.get(path).is_some())
    }

    /// The name of a setting in the environment: `CARGO_BUILD_TARGET`.
    pub(crate) fn variable_of(path: &[&str]) -> String {
        format!("CARGO_{}", path.join("_").to_uppercase().replace(['-', '.'], "_"))
    }

    /// The words that an [alias](https://doc.rust-lang.org/cargo/reference/config.html#alias) stands for; none if there is no
    /// such alias.
    pub(crate) fn alias(&self, name: &str) -> Vec<String> {
        self.list(&["alias", name])
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
        let of_variable = || env::var(Self::variable_of(path)).ok().map(|text| words(&text));
        of_all(&self.options).or_else(of_variable).or_else(|| of_all(&self.files)).unwrap_or_default()
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(options: &[&str], files: &[&str]) -> Config {
        let here = Path::new("/here");
        let settings = |texts: &[&str]| texts.iter().flat_map(|text| Settings::of_option(here, text)).collect();
        Config { options: settings(options), files: settings(files) }
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
