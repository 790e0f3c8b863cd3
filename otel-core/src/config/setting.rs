//! What a variable says: text from the environment and from code, and more than text from a configuration file.

use opentelemetry::KeyValue;

/// The value of a variable, or what a configuration file says instead.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Setting {
    /// As in the environment.
    Text(String),
    /// The members of a list, which may hold commas.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only files have lists"))]
    List(Vec<String>),
    /// The members of a list that replaces the default where the variable adds to it.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only files have lists"))]
    Exactly(Vec<String>),
    /// Attributes with types.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only files have types"))]
    Attributes(Vec<KeyValue>),
}
