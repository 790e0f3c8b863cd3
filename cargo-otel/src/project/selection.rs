//! The options by which a command selects packages and features.

use std::ffi::OsString;

use super::Arguments;
use super::arguments::short_with_value;

/// The options that `cargo tree` takes, too, with a value and without.
const WITH_VALUE: [&str; 7] =
    ["--color", "--config", "--exclude", "--features", "--lockfile-path", "--manifest-path", "--package"];
const FLAGS: [&str; 6] =
    ["--all-features", "--frozen", "--locked", "--no-default-features", "--offline", "--workspace"];
const SHORT_WITH_VALUE: [char; 3] = ['F', 'Z', 'p'];

/// Options of `cargo build` and the like that select tests, benchmarks or examples.
const DEVELOPMENT: [&str; 7] =
    ["--all-targets", "--bench", "--benches", "--example", "--examples", "--test", "--tests"];

impl Arguments {
    /// The options that decide which packages and features are built, as `cargo tree` takes them.
    pub(super) fn selection(&self) -> Vec<OsString> {
        let mut selection = Vec::new();
        let mut options = self.options();
        while let Some(option) = options.next() {
            let Some(text) = option.to_str() else { continue };
            let name = text.split_once('=').map_or(text, |(name, _)| name);
            if FLAGS.contains(&text) {
                selection.push(text.into());
            } else if text == "--all" {
                // It means something else for `cargo tree`.
                selection.push("--workspace".into());
            } else if WITH_VALUE.contains(&name) {
                selection.push(text.into());
                let value = if name == text { options.next() } else { None };
                selection.extend(value.map(OsString::from));
            } else if let Some(short) = short_with_value(text).filter(|short| short.starts_with(SHORT_WITH_VALUE)) {
                selection.push(format!("-{short}").into());
                let value = if short.len() == 1 { options.next() } else { None };
                selection.extend(value.map(OsString::from));
            }
        }
        selection
    }

    /// The options of the selection without those that select packages.
    pub(super) fn selection_of_features(&self) -> Vec<OsString> {
        let mut features = Vec::new();
        let mut selection = self.selection().into_iter();
        while let Some(option) = selection.next() {
            match option.to_str() {
                Some("--workspace") => {}
                Some("--package" | "--exclude" | "-p") => drop(selection.next()),
                Some(text)
                    if ["--package=", "--exclude=", "-p"].iter().any(|of_packages| text.starts_with(of_packages)) => {}
                _ => features.push(option),
            }
        }
        features
    }

    /// Returns `true` if an option selects packages. Otherwise cargo takes those of the current folder.
    pub(super) fn has_packages(&self) -> bool {
        let is_of_packages = |option: &OsString| {
            let option = option.to_string_lossy();
            option == "--workspace" || option.starts_with("--package") || option.starts_with("-p")
        };
        self.selection().iter().any(is_of_packages)
    }

    /// Returns `true` if tests, benchmarks or examples are built: they have dependencies of their own.
    pub(super) fn has_dev_dependencies(&self) -> bool {
        let is_development =
            |option: &str| DEVELOPMENT.contains(&option.split_once('=').map_or(option, |(name, _)| name));
        matches!(self.command(), Some("t" | "test" | "bench" | "nextest" | "tarpaulin"))
            || self.options().filter_map(|option| option.to_str()).any(is_development)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn options_of_the_selection_have_several_spellings() {
        let selection = |line| parse(line).selection().join(" ".as_ref()).into_string();
        for (line, expected) in [
            ("run -rp shop --bin x -Fa,b serve -p y", "-p shop -Fa,b"),
            (
                "--offline build --package=a -F b --features c --all -j4",
                "--offline --package=a -F b --features c --workspace",
            ),
            (
                "test --exclude a --workspace name --no-default-features -- -p x",
                "--exclude a --workspace --no-default-features",
            ),
            ("build -j 2 --target t --release", ""),
            ("nextest run -Epackage(shop) -vqpshop", "-pshop"),
        ] {
            assert_eq!(selection(line).as_deref(), Ok(expected));
        }
        let features =
            parse("build -p a --package b --package=c -pd --exclude e --all -F x --locked").selection_of_features();
        assert_eq!(features, ["-F", "x", "--locked"]);
        assert!(parse("build -pshop").has_packages() && parse("build --all").has_packages());
        assert!(!parse("build --profile p").has_packages());
    }

    #[test]
    fn tests_and_examples_have_dependencies_of_their_own() {
        for (line, expected) in
            [("test", true), ("build --example=a", true), ("clippy --all-targets", true), ("build --bin a", false)]
        {
            assert_eq!(parse(line).has_dev_dependencies(), expected, "{line}");
        }
    }
}
