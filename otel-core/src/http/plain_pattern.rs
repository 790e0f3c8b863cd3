//! Regular expressions that are plain text, maybe with anchors, as most expressions in settings are. Comparing text
//! costs a fraction of matching a set of expressions on each request, and needs no compilation at the start.

/// Characters with a meaning in expressions.
const SPECIAL: &str = r"\.+*?()|[]{}^$";

/// A text, and the anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlainPattern {
    text: String,
    at_start: bool,
    at_end: bool,
}

impl PlainPattern {
    /// An expression to search for. `None` if it is not plain text.
    pub(super) fn search(pattern: &str) -> Option<Self> {
        let (pattern, at_start) = pattern.strip_prefix('^').map_or((pattern, false), |rest| (rest, true));
        let (pattern, at_end) = match pattern.strip_suffix('$') {
            // An escaped dollar sign is text.
            Some(rest) if rest.ends_with('\\') => return None,
            Some(rest) => (rest, true),
            None => (pattern, false),
        };
        Some(Self { text: plain(pattern)?, at_start, at_end })
    }

    /// A name that has to match the whole text, in any case. `None` if it is not plain ASCII text.
    pub(super) fn name(pattern: &str) -> Option<String> {
        plain(pattern).filter(|text| text.is_ascii())
    }

    #[inline]
    pub(super) fn is_match(&self, text: &str) -> bool {
        match (self.at_start, self.at_end) {
            (true, true) => text == self.text,
            (true, false) => text.starts_with(&self.text),
            (false, true) => text.ends_with(&self.text),
            (false, false) => text.contains(&self.text),
        }
    }
}

/// The text of a pattern without special characters; escaped ones are text.
fn plain(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                text.push(characters.next().filter(|escaped| SPECIAL.contains(*escaped) || "-/".contains(*escaped))?);
            }
            special if SPECIAL.contains(special) => return None,
            plain => text.push(plain),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use regex::{Regex, RegexBuilder};

    use super::*;
    use crate::test_input::Noise;

    const PATTERNS: [&str; 24] = [
        "",
        "^",
        "$",
        "^$",
        "/health",
        "^/health",
        "/health$",
        "^/health$",
        r"\.json$",
        r"^/a\/b",
        "a.c",
        "a|b",
        "(a)",
        "a*",
        r"\d",
        r"\$",
        r"a\$",
        "$a",
        "a^",
        "[a]",
        "a{2}",
        r"\\",
        "ä$",
        r"^/metrics\.",
    ];

    const TEXTS: [&str; 14] = [
        "",
        "/health",
        "/healthz",
        "/x/health",
        "/a/b",
        "abc",
        "aa",
        "a$",
        "$",
        "a\n",
        "/a.json",
        "\\",
        "ä",
        "/metrics.txt",
    ];

    #[test]
    fn literals_match_what_their_expressions_match() {
        let mut noise = Noise::new(31);
        let mut plain = 0;
        let damaged = std::iter::repeat_with(|| noise.damaged(&PATTERNS)).take(3000);
        for pattern in PATTERNS.iter().map(ToString::to_string).chain(damaged) {
            let Ok(expression) = Regex::new(&pattern) else { continue };
            let Some(pattern) = PlainPattern::search(&pattern) else { continue };
            plain += 1;
            for text in TEXTS {
                assert_eq!(pattern.is_match(text), expression.is_match(text), "{pattern:?} {text:?}");
            }
        }
        assert!(plain > 500, "{plain}");
    }

    #[test]
    fn names_match_what_their_expressions_match() {
        for pattern in ["x-id", "X-Id", r"x\-id", "x.id", "", "ä", "x_id"] {
            let expression = RegexBuilder::new(&format!("^(?:{pattern})$")).case_insensitive(true).build().unwrap();
            if let Some(name) = PlainPattern::name(pattern) {
                for text in ["x-id", "X-ID", "x-i", "x-idx", "", "x_id"] {
                    assert_eq!(name.eq_ignore_ascii_case(text), expression.is_match(text), "{pattern:?} {text:?}");
                }
            }
        }
        assert!(
            PlainPattern::name("x-id").is_some()
                && PlainPattern::name("x.id").is_none()
                && PlainPattern::name("ä").is_none()
        );
    }
}
