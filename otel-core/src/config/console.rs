//! How spans are printed on the console.

use super::choice::{Choice as _, choice};
use super::source::Source;

/// The form of spans on the console (`OTEL_RUST_CONSOLE_FORMAT`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConsoleFormat {
    /// `text`: one line for each request, and the spans below it as a tree.
    Text,
    /// `json`: one object for each span, in the layout of OpenTelemetry Python.
    Json,
}

choice!(ConsoleFormat { "text" => Self::Text, "json" => Self::Json });

impl ConsoleFormat {
    /// `None` if the variable is unset or not understood.
    pub(super) fn read(source: &mut Source<'_>) -> Option<Self> {
        const VARIABLE: &str = "OTEL_RUST_CONSOLE_FORMAT";
        let text = source.text(VARIABLE)?;
        // Read like any other enumeration, so that a wrong name is reported.
        source.choice(VARIABLE, Self::Json);
        Self::by_name(&text)
    }
}
