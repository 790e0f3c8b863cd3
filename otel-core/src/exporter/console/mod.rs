//! One JSON object per span, in the layout of OpenTelemetry Python's console exporter.

mod exporter;
mod timestamp;
mod trace_state;
mod value;
mod view;

pub use exporter::{ConsoleSpanExporter, Layout};
