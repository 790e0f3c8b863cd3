//! One JSON object per span, per log record and per export of metrics, in the layouts of OpenTelemetry Python's console
//! exporters.

mod attribute_json;
mod exporter;
mod json_value;
mod log_json;
mod logs;
mod metrics;
mod metrics_json;
mod point_json;
mod printer;
mod span_json;
mod text;
mod timestamp;
mod trace_state;

pub use exporter::ConsoleSpanExporter;
pub use logs::ConsoleLogExporter;
pub use metrics::ConsoleMetricExporter;
pub use printer::Layout;
pub use text::TextSpanExporter;
