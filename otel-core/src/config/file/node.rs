//! A YAML document as a tree whose nodes have their positions.

use std::fmt;

use crate::config::printable;

/// A position in the file; line and column count from one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A node of the document, references replaced.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) kind: NodeKind,
}

/// A node and its path: `tracer_provider.processors[1].simple`.
#[derive(Clone, Debug)]
pub(super) struct LocatedNode<'n> {
    pub(super) path: String,
    pub(super) node: &'n Node,
}

impl<'n> LocatedNode<'n> {
    /// The value of a key. A key may be a misplaced value, so it is shown like one.
    pub(super) fn child(&self, key: &str, node: &'n Node) -> LocatedNode<'n> {
        let key = printable::value(key);
        let path = if self.path.is_empty() { key } else { format!("{}.{key}", self.path) };
        LocatedNode { path, node }
    }

    pub(super) fn item(&self, index: usize, node: &'n Node) -> LocatedNode<'n> {
        LocatedNode { path: format!("{}[{index}]", self.path), node }
    }
}

/// The kind and content of a node.
#[derive(Clone, Debug)]
pub(super) enum NodeKind {
    Mapping(Vec<(String, Node)>),
    Sequence(Vec<Node>),
    Scalar(Scalar),
}

/// A scalar and its text in the file.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub(super) text: String,
    pub(super) value: ScalarValue,
}

/// The value of a scalar by the core schema of [YAML 1.2](https://yaml.org/spec/1.2.2/#103-core-schema).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ScalarValue {
    Null,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text,
}

impl Scalar {
    /// A scalar that was quoted, or is text for another reason.
    pub(super) fn quoted(text: String) -> Self {
        Self { text, value: ScalarValue::Text }
    }

    /// A scalar without quotes: its text decides its type.
    pub(super) fn plain(text: String) -> Self {
        let value = match text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => ScalarValue::Null,
            "true" | "True" | "TRUE" => ScalarValue::Boolean(true),
            "false" | "False" | "FALSE" => ScalarValue::Boolean(false),
            other => integer(other)
                .map(ScalarValue::Integer)
                .or_else(|| float(other).map(ScalarValue::Float))
                .unwrap_or(ScalarValue::Text),
        };
        Self { text, value }
    }
}

impl Node {
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, NodeKind::Scalar(Scalar { value: ScalarValue::Null, .. }))
    }

    /// The kind of the node, for messages: `a list`.
    pub(super) fn description(&self) -> &'static str {
        match &self.kind {
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Scalar(scalar) => match scalar.value {
                ScalarValue::Null => "nothing",
                ScalarValue::Boolean(_) => "a boolean",
                ScalarValue::Integer(_) | ScalarValue::Float(_) => "a number",
                ScalarValue::Text => "text",
            },
        }
    }
}

fn integer(text: &str) -> Option<i64> {
    let digits = |digits: &str, radix| {
        digits.starts_with(|first: char| first.is_digit(radix)).then(|| i64::from_str_radix(digits, radix).ok())?
    };
    match text.get(..2) {
        Some("0x") => digits(text.get(2..)?, 16),
        Some("0o") => digits(text.get(2..)?, 8),
        // `parse` takes signs and digits, as the schema does.
        _ => text.parse().ok(),
    }
}

fn float(text: &str) -> Option<f64> {
    match text.trim_start_matches(['+', '-']) {
        ".inf" | ".Inf" | ".INF" => Some(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        // `parse` knows words, too: `inf`, `nan`, `infinity`.
        _ if text.contains(|other: char| other.is_alphabetic() && !"eE".contains(other)) => None,
        _ => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_they_look_like() {
        use ScalarValue::{Boolean, Float, Integer, Null, Text};
        for (text, value) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("True", Boolean(true)),
            ("FALSE", Boolean(false)),
            ("yes", Text),
            ("-12", Integer(-12)),
            ("007", Integer(7)),
            ("0o17", Integer(15)),
            ("0xdeadbeef", Integer(3_735_928_559)),
            ("0x-1", Text),
            ("0x", Text),
            ("1.1", Float(1.1)),
            ("1e3", Float(1000.0)),
            (".5", Float(0.5)),
            ("-.inf", Float(f64::NEG_INFINITY)),
            ("99999999999999999999", Float(1e20)),
            ("inf", Text),
            ("nan", Text),
            ("1.1.1", Text),
            ("1_000", Text),
            ("e", Text),
        ] {
            assert_eq!(Scalar::plain(text.to_owned()).value, value, "{text}");
        }
        assert_eq!(Scalar::quoted("true".to_owned()).value, Text);
    }
}
