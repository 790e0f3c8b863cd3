//! One JSON object per span, per log record and per export of metrics, in the layouts of OpenTelemetry Python's console
//! exporters.

mod exporter;
mod log_view;
mod logs;
mod metrics;
mod metrics_view;
mod point_view;
mod printer;
mod resource;
mod text;
mod timestamp;
mod trace_state;
mod value;
mod view;

pub use exporter::ConsoleSpanExporter;
pub use logs::ConsoleLogExporter;
pub use metrics::ConsoleMetricExporter;
pub use printer::Layout;
pub use text::TextSpanExporter;
