//! One span → the text of its line.

use std::fmt::{self, Write as _};
use std::time::Duration;

use opentelemetry::Value;
use opentelemetry::trace::Status;
use opentelemetry_sdk::trace::SpanData;

use crate::plain::Plain;

use super::super::timestamp::Rfc3339;

/// [Select graphic rendition](https://en.wikipedia.org/wiki/ANSI_escape_code#SGR).
const RED: &str = "\x1b[31m";
const YELLOW: &str = "\x1b[33m";
const GREEN: &str = "\x1b[32m";
const BOLD: &str = "\x1b[1m";
const FAINT: &str = "\x1b[2m";
const RESET: &str = "\x1b[0m";

/// The line of a request: time, method and route, status, duration, trace id.
pub(super) fn root(span: &SpanData, is_coloured: bool, out: &mut String) {
    let styled = |style, text: &dyn fmt::Display, out: &mut String| paint(style, text, is_coloured, out);
    let time = Rfc3339(span.start_time).to_string();
    // From the hours to the milliseconds.
    styled(FAINT, &time.get(11..23).unwrap_or(&time), out);
    out.push(' ');
    styled(BOLD, &Plain(&name(span)), out);
    out.push(' ');
    outcome(span, is_coloured, out);
    styled(FAINT, &format_args!("  {}", span.span_context.trace_id()), out);
    out.push('\n');
}

/// The line of a span below a request.
pub(super) fn child(indent: &str, span: &SpanData, is_coloured: bool, out: &mut String) {
    paint(FAINT, &indent, is_coloured, out);
    let _ = write!(out, "{} ", Plain(&name(span)));
    outcome(span, is_coloured, out);
    out.push('\n');
}

/// The line with the reason why a span failed.
pub(super) fn problem(indent: &str, message: &str, is_coloured: bool, out: &mut String) {
    paint(FAINT, &indent, is_coloured, out);
    paint(RED, &format_args!("! {}", Plain(message)), is_coloured, out);
    out.push('\n');
}

/// The reason why a span failed, if it has one.
pub(super) fn message(span: &SpanData) -> Option<String> {
    match &span.status {
        Status::Error { description } if !description.is_empty() => Some(description.to_string()),
        _ => None,
    }
}

/// The name of a span, and the path of a request without a route, whose name lacks it.
fn name(span: &SpanData) -> String {
    let path = attribute(span, "url.path").or_else(|| attribute(span, "http.target"));
    match path {
        Some(Value::String(path)) if attribute(span, "http.route").is_none() => format!("{} {path}", span.name),
        _ => span.name.to_string(),
    }
}

/// The status code of a response, or `error`, and the duration.
fn outcome(span: &SpanData, is_coloured: bool, out: &mut String) {
    let status = attribute(span, "http.response.status_code").or_else(|| attribute(span, "http.status_code"));
    let status = if let Some(Value::I64(status)) = status { Some(*status) } else { None };
    let is_error = matches!(span.status, Status::Error { .. });
    let style = match status {
        _ if is_error => RED,
        Some(400..) => YELLOW,
        _ => GREEN,
    };
    match status {
        Some(status) => paint(style, &format_args!("{status} "), is_coloured, out),
        None if is_error => paint(style, &"error ", is_coloured, out),
        None => {}
    }
    let duration = span.end_time.duration_since(span.start_time).unwrap_or(Duration::ZERO);
    let _ = write!(out, "{}", Milliseconds(duration));
}

fn attribute<'a>(span: &'a SpanData, key: &str) -> Option<&'a Value> {
    span.attributes.iter().rfind(|attribute| attribute.key.as_str() == key).map(|attribute| &attribute.value)
}

fn paint(style: &str, text: &dyn fmt::Display, is_coloured: bool, out: &mut String) {
    // Writing to a string does not fail.
    let _ = if is_coloured { write!(out, "{style}{text}{RESET}") } else { write!(out, "{text}") };
}

/// A duration in one unit, so that lines can be compared.
struct Milliseconds(Duration);

impl fmt::Display for Milliseconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ms", self.0.as_secs_f64() * 1e3)
    }
}
