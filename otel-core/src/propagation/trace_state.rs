//! The grammar of `tracestate` ([level 2](https://www.w3.org/TR/trace-context-2/#tracestate-header)).

use opentelemetry::trace::TraceState;

const MOST_MEMBERS: usize = 32;
const LONGEST_PART: usize = 256;

/// A header that follows the grammar.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parsed {
    /// A state of the `opentelemetry` API.
    State(TraceState),
    /// A state that `TraceState` refuses: it accepts only the keys of level 1, which are one character shorter.
    Level2(String),
}

impl Default for Parsed {
    fn default() -> Self {
        Self::State(TraceState::NONE)
    }
}

/// Joins the lines of the header in their order. `None` if any part breaks the grammar: then no part can be trusted.
/// Empty members are allowed; of a repeated key only the first, most recent one is kept.
pub(super) fn parse(lines: &[&str]) -> Option<Parsed> {
    let members = lines.iter().flat_map(|line| line.split(',')).map(|member| member.trim_matches([' ', '\t']));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let mut count = 0;
    for member in members.filter(|member| !member.is_empty()) {
        count += 1;
        if count > MOST_MEMBERS {
            return None;
        }
        let (key, value) = member.split_once('=')?;
        if !is_key(key) || !is_value(value) {
            return None;
        }
        if pairs.iter().all(|(known, _)| *known != key) {
            pairs.push((key, value));
        }
    }
    Some(match TraceState::from_key_value(pairs.iter().copied()) {
        Ok(state) => Parsed::State(state),
        Err(_) => Parsed::Level2(joined(&pairs)),
    })
}

fn joined(pairs: &[(&str, &str)]) -> String {
    let members: Vec<String> = pairs.iter().map(|(key, value)| [key, "=", value].concat()).collect();
    members.join(",")
}

/// `key = ( lcalpha / DIGIT ) 0*255 ( keychar )`
fn is_key(key: &str) -> bool {
    let simple = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    key.len() <= LONGEST_PART
        && key.bytes().next().is_some_and(simple)
        && key.bytes().all(|byte| simple(byte) || b"_-*/@".contains(&byte))
}

/// `value = 0*255(chr) nblk-chr`: printable ASCII without `,` and `=`, not ending in a blank.
fn is_value(value: &str) -> bool {
    (1..=LONGEST_PART).contains(&value.len())
        && value.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b',' && byte != b'=')
        && !value.ends_with(' ')
}
