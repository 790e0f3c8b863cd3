//! Settings of [cargo's configuration](https://doc.rust-lang.org/cargo/reference/config.html), read from its files:
//! only nightly cargo shows them.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// The files that hold for a folder, the strongest first.
#[derive(Debug)]
pub(crate) struct Config {
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    /// The folder from which relative paths in the file start.
    folder: PathBuf,
    build: Table,
}

impl Config {
    /// Reads the files. Files that cannot be read are left to cargo, which reports them.
    pub(crate) fn of(folder: &Path) -> Self {
        let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
        let folders = folder.ancestors().map(|folder| folder.join(".cargo")).chain(home);
        Self { files: folders.filter_map(|folder| File::read(&folder)).collect() }
    }

    /// A setting of the section `build`: from the environment, which wins, or from a file. Lists are joined with
    /// spaces.
    pub(crate) fn build(&self, key: &str, variable: Option<&str>) -> Option<String> {
        of_environment(key, variable)
            .or_else(|| self.files.iter().find_map(|file| file.text(key)))
            .filter(|value| !value.is_empty())
    }

    /// A program of the section `build`. One with a folder in its name is relative to the file that names it.
    pub(crate) fn program(&self, key: &str, variable: Option<&str>) -> Option<PathBuf> {
        let of_file = |file: &File| {
            let program = PathBuf::from(file.text(key)?);
            Some(if program.components().count() > 1 { file.folder.join(program) } else { program })
        };
        let of_environment = of_environment(key, variable);
        match of_environment {
            Some(program) => Some(program).filter(|value| !value.is_empty()).map(PathBuf::from),
            None => self.files.iter().find_map(of_file).filter(|program| !program.as_os_str().is_empty()),
        }
    }
}

/// The setting in the environment, under cargo's general name or a shorter one.
fn of_environment(key: &str, variable: Option<&str>) -> Option<String> {
    let of_cargo = format!("CARGO_BUILD_{}", key.to_uppercase().replace('-', "_"));
    variable.into_iter().chain([of_cargo.as_str()]).find_map(|name| env::var(name).ok())
}

impl File {
    fn read(folder: &Path) -> Option<Self> {
        let text = ["config", "config.toml"].iter().find_map(|name| fs::read_to_string(folder.join(name)).ok())?;
        let mut file: Table = text.parse().ok()?;
        let Value::Table(build) = file.remove("build")? else { return None };
        Some(Self { folder: folder.parent()?.to_owned(), build })
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.build.get(key)? {
            Value::String(text) => Some(text.clone()),
            Value::Array(values) => Some(values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")),
            _ => None,
        }
    }
}
