//! One place of cargo's configuration: a file, or a value of `--config`.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

#[derive(Debug)]
pub(super) struct Settings {
    /// The folder from which relative paths start.
    pub(super) folder: PathBuf,
    table: Table,
}

impl Settings {
    /// A value of `--config`, the name of a file or one setting as a line of such a file, and the files that it
    /// [includes](https://doc.rust-lang.org/cargo/reference/config.html#include), the strongest first.
    pub(super) fn of_option(here: &Path, option: &str) -> Vec<Self> {
        let file = here.join(option);
        let mut all = Vec::new();
        if file.exists() {
            add_file(&file, &mut Vec::new(), &mut all);
        } else if let Ok(table) = option.parse() {
            add_table(table, here, here, &mut Vec::new(), &mut all);
        }
        all
    }

    /// A file and the files that it includes, the strongest first. Cargo itself reports files that cannot be read.
    pub(super) fn of_file(file: &Path) -> Vec<Self> {
        let mut all = Vec::new();
        add_file(file, &mut Vec::new(), &mut all);
        all
    }

    pub(super) fn get(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.table.get(*first)?, |value, key| value.as_table()?.get(*key))
    }
}

/// Adds a file. Its relative paths start in the folder that holds the file's folder, `.cargo` usually. `open` are the files
/// that include this one: a circle ends.
fn add_file(file: &Path, open: &mut Vec<PathBuf>, all: &mut Vec<Settings>) {
    let table = fs::read_to_string(file).ok().and_then(|text| text.parse::<Table>().ok());
    let (Some(table), Some(folder), Ok(real)) = (table, file.parent(), file.canonicalize()) else { return };
    if open.contains(&real) {
        return;
    }
    open.push(real);
    add_table(table, folder.parent().unwrap_or(folder), folder, open, all);
    open.pop();
}

/// Adds settings, and behind them the files of their key `include`, of which the last one is the strongest.
fn add_table(table: Table, folder: &Path, includes_from: &Path, open: &mut Vec<PathBuf>, all: &mut Vec<Settings>) {
    let included = table.get("include").and_then(Value::as_array).into_iter().flatten();
    let names = included.filter_map(|value| value.as_str().or_else(|| value.get("path")?.as_str()));
    let files: Vec<PathBuf> = names.map(|name| includes_from.join(name)).collect();
    all.push(Settings { folder: folder.to_owned(), table });
    files.iter().rev().for_each(|file| add_file(file, open, all));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn included_files_are_weaker_and_the_last_one_is_the_strongest_of_them() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
        };
        write(".cargo/config.toml", "include = ['a.toml', { path = '../more/b.toml', optional = true }]\nx.a = 1");
        write(".cargo/a.toml", "include = [{ path = 'none.toml', optional = true }]\nx.a = 2\nx.b = 2");
        write("more/b.toml", "include = ['../.cargo/config.toml']\nx.b = 3");
        let all = Settings::of_file(&folder.path().join(".cargo/config.toml"));
        let value = |key| all.iter().find_map(|settings| settings.get(&["x", key])).and_then(Value::as_integer);
        assert_eq!((value("a"), value("b")), (Some(1), Some(3)));
        let real = folder.path().canonicalize().unwrap();
        assert!(all.iter().all(|settings| settings.folder.canonicalize().unwrap() == real), "{all:?}");

        let all = Settings::of_option(folder.path(), "include = ['more/b.toml']");
        assert_eq!(all.iter().find_map(|settings| settings.get(&["x", "b"])).and_then(Value::as_integer), Some(3));
    }
}
