//! The spans of a piece of code as text: one line per span, indented below its parent.

use std::{fmt::Write as _, sync::OnceLock};

use opentelemetry::{
    Context, SpanId, TraceId, global,
    trace::{Status, TraceContextExt as _, Tracer as _},
};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};

/// Runs `code` below a span, and shows its spans:
///
/// ```text
/// name [Kind] !error.type "status description" key=value
///   child
/// ```
///
/// INTERNAL and `code.*` are left out. Tests run at the same time and share the provider: each has a trace of its own.
pub(crate) fn tree<R>(code: impl FnOnce() -> R) -> String {
    let exporter = exporter();
    let parent = Context::current_with_span(global::tracer("test").start("test"));
    let trace = parent.span().span_context().trace_id();
    let span = parent.span().span_context().span_id();
    {
        let _attached = parent.attach();
        code();
    }
    let spans = exporter.get_finished_spans().unwrap();
    show(&spans, trace, span, 0)
}

/// [`tree`], of a future, on a single thread.
pub(crate) fn async_tree<F: Future>(code: impl FnOnce() -> F) -> String {
    tree(|| actix_web::rt::System::new().block_on(code()))
}

/// All spans called `name` so far, for spans outside of the test's trace.
pub(crate) fn spans_called(name: &str) -> Vec<SpanData> {
    exporter().get_finished_spans().unwrap().into_iter().filter(|span| span.name == name).collect()
}

pub(crate) fn exporter() -> &'static InMemorySpanExporter {
    static EXPORTER: OnceLock<InMemorySpanExporter> = OnceLock::new();
    EXPORTER.get_or_init(|| {
        let exporter = InMemorySpanExporter::default();
        global::set_tracer_provider(SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build());
        exporter
    })
}

fn show(spans: &[SpanData], trace: TraceId, parent: SpanId, depth: usize) -> String {
    let mut children: Vec<&SpanData> =
        spans.iter().filter(|span| span.span_context.trace_id() == trace && span.parent_span_id == parent).collect();
    children.sort_by_key(|span| span.start_time);
    let mut text = String::new();
    for span in children {
        text.push_str(&"  ".repeat(depth));
        text.push_str(&line(span));
        text.push('\n');
        text.push_str(&show(spans, trace, span.span_context.span_id(), depth + 1));
    }
    text
}

fn line(span: &SpanData) -> String {
    let mut line = span.name.to_string();
    if span.span_kind != opentelemetry::trace::SpanKind::Internal {
        write!(line, " [{:?}]", span.span_kind).unwrap();
    }
    for attribute in span.attributes.iter().filter(|attribute| !attribute.key.as_str().starts_with("code.")) {
        if attribute.key.as_str() == "error.type" {
            write!(line, " !{}", attribute.value).unwrap();
        } else {
            write!(line, " {}={}", attribute.key, attribute.value).unwrap();
        }
    }
    match &span.status {
        Status::Error { description } => write!(line, " {description:?}").unwrap(),
        Status::Ok => line.push_str(" OK"),
        Status::Unset => {}
    }
    line
}
