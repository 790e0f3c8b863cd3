//! A value that was not understood.

use std::fmt;

use super::printable;

/// Longest value that is repeated to the operator, in characters.
const SHOWN_VALUE: usize = 120;

/// A setting that was not understood, and the value that is used instead. Displays as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Name of the variable; or file, line, column and key of a setting in a configuration file.
    pub variable: String,
    /// The part that was not understood, empty if that is the key. Text that may be a secret is left out: user info, path
    /// and query of URLs, everything after a `=`, and the content of files.
    pub value: String,
    /// The reason, as a clause: `expected one of console, none, otlp`.
    pub reason: String,
    /// The value that is used instead.
    pub fallback: String,
}

impl Problem {
    /// A problem with the value of `variable`. The value may hold secrets, `reason` and `fallback` hold none.
    pub fn new(
        variable: impl Into<String>,
        value: impl AsRef<str>,
        reason: impl Into<String>,
        fallback: impl fmt::Display,
    ) -> Self {
        Self::printable(variable, printable::value(value.as_ref()), reason, fallback)
    }

    /// As [`new`](Self::new), with a value that messages may show as it is.
    pub(crate) fn printable(
        variable: impl Into<String>,
        value: impl Into<String>,
        reason: impl Into<String>,
        fallback: impl fmt::Display,
    ) -> Self {
        let (variable, value, reason) = (variable.into(), value.into(), reason.into());
        Self { variable, value, reason, fallback: fallback.to_string() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { variable, value, reason, fallback } = self;
        // `{:?}` keeps control characters, and with them forged lines, out of the log.
        if value.is_empty() {
            return write!(f, "{variable}: {reason}; using {fallback}");
        }
        match value.char_indices().nth(SHOWN_VALUE) {
            Some((end, _)) => write!(f, "{variable}={:?}…", value.get(..end).unwrap_or_default())?,
            None => write!(f, "{variable}={value:?}")?,
        }
        write!(f, ": {reason}; using {fallback}")
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_bounded_line_that_names_variable_value_and_fallback() {
        let problem = Problem::new("OTEL_X", "a\tb", "expected a number", 5);
        assert_eq!(problem.to_string(), r#"OTEL_X="a\tb": expected a number; using 5"#);
        let of_a_key = Problem::new("otel.yaml:1:2 a.b", "", "not supported", "the other settings");
        assert_eq!(of_a_key.to_string(), "otel.yaml:1:2 a.b: not supported; using the other settings");
        let long = Problem::new("OTEL_X", "é".repeat(10_000), "too long", "é").to_string();
        assert!(long.chars().count() < 200, "{long}");
        assert!(long.contains("é\"…"), "{long}");
    }
}
