//! Where finished spans go.

pub mod console;

pub use console::ConsoleSpanExporter;
