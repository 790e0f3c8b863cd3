//! `tracestate` the way Python prints it: the `repr` of a list of `{key=…, value=…}` strings.

use std::fmt;

use opentelemetry::trace::TraceState;

/// `[]` when empty, else `['{key=congo, value=t61}', '{key=rojo, value=1}']`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TraceStateText<'a>(pub(super) &'a TraceState);

impl fmt::Display for TraceStateText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (index, (key, value)) in self.0.into_iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            write_python_str(f, &format!("{{key={key}, value={value}}}"))?;
        }
        f.write_str("]")
    }
}

/// Python's `repr` of a string: single quotes, unless only double quotes avoid escapes.
fn write_python_str(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    write!(f, "{quote}")?;
    for character in text.chars() {
        if character == quote || character == '\\' {
            f.write_str("\\")?;
        }
        write!(f, "{character}")?;
    }
    write!(f, "{quote}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_python_does() {
        let text = |pairs: &[(&str, &str)]| {
            TraceState::from_key_value(pairs.iter().copied()).map(|state| TraceStateText(&state).to_string()).ok()
        };
        assert_eq!(text(&[]).as_deref(), Some("[]"));
        assert_eq!(
            text(&[("congo", "t61"), ("rojo", "1")]).as_deref(),
            Some("['{key=congo, value=t61}', '{key=rojo, value=1}']")
        );
        assert_eq!(text(&[("a", "it's")]).as_deref(), Some(r#"["{key=a, value=it's}"]"#));
        assert_eq!(text(&[("a", r#"'"\"#)]).as_deref(), Some(r#"['{key=a, value=\'"\\}']"#));
    }
}
