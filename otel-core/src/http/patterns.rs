//! Lists of regular expressions from settings.

use super::plain_pattern::PlainPattern;
use regex::{RegexSet, RegexSetBuilder};
use std::error::Error;
use std::fmt;

/// The most bytes that a compiled list may take, so that a mistake in the settings cannot take all memory.
const SIZE_LIMIT: usize = 1 << 20;

/// The reason why a list makes no [`Patterns`]. Displays as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidPattern {
    reason: String,
}

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for InvalidPattern {}

/// Several regular expressions that are matched at once, in time linear in the text.
#[derive(Clone, Default)]
pub struct Patterns {
    sources: Vec<String>,
    full_match: bool,
    /// Expressions that are plain text.
    plain: Vec<PlainPattern>,
    names: Vec<String>,
    /// All others. `None` if there are none: compiling a set takes time, and most of the dozen lists are empty.
    set: Option<RegexSet>,
}

impl Patterns {
    /// Expressions that are searched for anywhere in the text.
    ///
    /// # Errors
    ///
    /// Returns an error if a pattern is no regular expression, or if all together need more than 1 MiB of memory.
    ///
    /// ```
    /// use otel_core::http::Patterns;
    ///
    /// let excluded = Patterns::search(["^/health", "metrics"])?;
    /// assert!(excluded.is_match("/healthz") && excluded.is_match("/internal/metrics"));
    /// assert!(!excluded.is_match("/users"));
    /// # Ok::<(), otel_core::http::InvalidPattern>(())
    /// ```
    pub fn search<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, InvalidPattern> {
        Self::build(owned(patterns), false)
    }

    /// Names or expressions that have to match the whole text, in any case, as in lists of headers.
    ///
    /// # Errors
    ///
    /// As [`search`](Self::search).
    ///
    /// ```
    /// use otel_core::http::Patterns;
    ///
    /// let headers = Patterns::full_match(["Content-Type", "x-.*"])?;
    /// assert!(headers.is_match("content-type") && headers.is_match("x-request-id"));
    /// assert!(!headers.is_match("content-type-options"));
    /// # Ok::<(), otel_core::http::InvalidPattern>(())
    /// ```
    pub fn full_match<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, InvalidPattern> {
        Self::build(owned(patterns), true)
    }

    fn build(sources: Vec<String>, full_match: bool) -> Result<Self, InvalidPattern> {
        let mut patterns = Self { full_match, ..Self::default() };
        let mut others = Vec::new();
        for source in &sources {
            if full_match && let Some(name) = PlainPattern::name(source) {
                patterns.names.push(name);
            } else if !full_match && let Some(pattern) = PlainPattern::search(source) {
                patterns.plain.push(pattern);
            } else if full_match {
                others.push(format!("^(?:{source})$"));
            } else {
                others.push(source.clone());
            }
        }
        patterns.sources = sources;
        if others.is_empty() {
            return Ok(patterns);
        }
        let set = RegexSetBuilder::new(others).case_insensitive(full_match).size_limit(SIZE_LIMIT).build().map_err(
            |error| {
                // The last line names the fault; the lines before it draw the pattern.
                let reason = error.to_string().lines().last().unwrap_or("not understood").to_owned();
                InvalidPattern { reason }
            },
        )?;
        Ok(Self { set: Some(set), ..patterns })
    }

    /// Returns `true` if any pattern matches.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.plain.iter().any(|pattern| pattern.is_match(text))
            || self.names.iter().any(|name| name.eq_ignore_ascii_case(text))
            || self.set.as_ref().is_some_and(|set| set.is_match(text))
    }

    /// Returns `true` if there are no patterns.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }
}

fn owned<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Vec<String> {
    patterns.into_iter().map(|pattern| pattern.as_ref().to_owned()).collect()
}

impl fmt::Debug for Patterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.sources).finish()
    }
}

impl PartialEq for Patterns {
    fn eq(&self, other: &Self) -> bool {
        self.sources == other.sources && self.full_match == other.full_match
    }
}

impl Eq for Patterns {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn no_pattern_matches_nothing() {
        assert!(!Patterns::default().is_match(""));
    }

    #[test]
    fn a_pattern_that_is_none_is_refused_in_one_line() {
        let reason = Patterns::search(["("]).unwrap_err().to_string();
        assert!(reason.contains("unclosed group") && !reason.contains('\n'), "{reason}");
        assert!(Patterns::full_match(["x{1000000}"]).is_err());
    }

    #[test]
    fn what_matches_differently_is_different() {
        assert_eq!(Patterns::search(["a"]), Patterns::search(["a"]));
        assert_ne!(Patterns::search(["a"]), Patterns::full_match(["a"]));
    }

    #[test]
    fn alternatives_are_anchored_as_a_whole() {
        let patterns = Patterns::full_match(["a|b"]).unwrap();
        assert!(patterns.is_match("a") && patterns.is_match("B"));
        assert!(!patterns.is_match("ab") && !patterns.is_match("bc"));
    }
}
