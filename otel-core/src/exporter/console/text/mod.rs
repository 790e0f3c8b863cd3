//! Spans as lines for people: one for each request, with the spans below it as a tree.
//!
//! | module | one idea |
//! |---|---|
//! | `exporter` | the exporter, and where it writes |
//! | `pending` | spans wait for their request |
//! | `tree` | spans → lines |
//! | `line` | one span → the text of its line |

mod exporter;
mod line;
mod pending;
#[cfg(test)]
mod tests;
mod tree;

pub use exporter::TextSpanExporter;
