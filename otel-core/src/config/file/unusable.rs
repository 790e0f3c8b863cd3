//! Files that cannot be used.

use std::fmt::Display;

use super::node::Position;

/// The reason why a file cannot be used at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::config) struct Unusable(pub(in crate::config) String);

impl Unusable {
    pub(super) fn at(Position { line, column }: Position, reason: impl Display) -> Self {
        // Messages of the YAML parser may quote lines of the file; a problem is one line.
        Self(format!("line {line}, column {column}: {reason}").replace(char::is_control, " "))
    }
}
