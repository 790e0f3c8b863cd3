//! Paths of functions, with `*` for any text.

use std::fmt;

use anyhow::{Result, bail};

/// Patterns such as `app::service::*`. Each begins with the name of a crate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Patterns(Vec<String>);

impl Patterns {
    /// Reads the values of `--functions`, each of which may hold several patterns with commas between them.
    ///
    /// # Errors
    ///
    /// If a pattern is no path that begins with the name of a crate.
    pub(crate) fn parse<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let mut patterns = Vec::new();
        for pattern in values.into_iter().flat_map(|value| value.split(',')).map(str::trim) {
            // A package's name may contain `-`, the name of its crate does not.
            let pattern = pattern.replace('-', "_");
            let is_path = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "_*:".contains(c));
            match pattern.split_once("::") {
                Some((name, below)) if !name.is_empty() && !name.contains(['*', ':']) && !below.is_empty() => {
                    if !is_path(&pattern) {
                        bail!("`--functions {pattern}`: a pattern is a path such as `app::service::*`");
                    }
                }
                _ => bail!(
                    "`--functions {pattern}`: a pattern begins with the name of a crate, such as `app::service::*` or \
                     `app::*`"
                ),
            }
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        Ok(Self(patterns))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The patterns for functions of one crate.
    pub(crate) fn of_crate(&self, name: &str) -> Self {
        let is_of_crate = |pattern: &&String| pattern.split("::").next() == Some(name);
        Self(self.0.iter().filter(is_of_crate).cloned().collect())
    }

    /// Returns `true` if a pattern matches the path of a function.
    pub(super) fn select(&self, path: &str) -> bool {
        self.0.iter().any(|pattern| matches(pattern, path))
    }

    /// The patterns that match none of these paths.
    pub(crate) fn unmatched<'a>(&'a self, paths: &'a [String]) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(|pattern| !paths.iter().any(|path| matches(pattern, path))).map(String::as_str)
    }
}

/// As a value of `--functions`.
impl fmt::Display for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

/// Returns `true` if the text has the form of the pattern. `*` stands for any text, also for several parts of a path.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    let mut starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    starts.any(|at| matches(after, &rest[at..]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, path, expected) in [
            ("app::charge", "app::charge", true),
            ("app::charge", "app::charge_twice", false),
            ("app::*", "app::service::Card::charge", true),
            ("app::service::*", "app::charge", false),
            ("app::*::charge", "app::service::charge", true),
            ("app::*::charge", "app::charge", false),
            ("app::ch*ge*", "app::charge", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn patterns_belong_to_a_crate() {
        let patterns = Patterns::parse(["app::*, my-lib::find", "app::*"]).unwrap();
        assert_eq!(patterns.to_string(), "app::*,my_lib::find");
        assert_eq!(patterns.of_crate("my_lib").to_string(), "my_lib::find");
        assert!(patterns.of_crate("other").is_empty());
        assert_eq!(Patterns::parse([patterns.to_string().as_str()]).unwrap(), patterns);
        let found = ["app::main".to_owned()];
        assert_eq!(patterns.unmatched(&found).collect::<Vec<_>>(), ["my_lib::find"]);
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, expected) in [
            ("", "begins with the name of a crate"),
            ("*", "begins with the name of a crate"),
            ("charge", "begins with the name of a crate"),
            ("*::charge", "begins with the name of a crate"),
            ("app::", "begins with the name of a crate"),
            ("app::a.b", "a pattern is a path"),
            ("app::charge()", "a pattern is a path"),
        ] {
            let error = Patterns::parse([text]).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
