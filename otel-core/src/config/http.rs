//! Semantic conventions and known methods of HTTP telemetry.

use super::http_controls;
use super::problem::Problem;
use super::source::Source;
use super::source::members;
use crate::http::settings::{ExceptionSignal, HttpSettings, SemconvMode};

pub(super) fn read(source: &mut Source<'_>) -> HttpSettings {
    let mut settings = HttpSettings {
        semconv: semconv(source),
        exception_signal: exception_signal(source),
        known_methods: known_methods(source),
        ..HttpSettings::default()
    };
    http_controls::read(source, &mut settings);
    settings
}

/// `OTEL_SEMCONV_STABILITY_OPT_IN`: a list for all areas (`http`, `database`, …). Values of other areas are ignored.
/// `http/dup` wins over `http`, by the specification, and `http` over our own `http/old`.
fn semconv(source: &mut Source<'_>) -> SemconvMode {
    const VARIABLE: &str = "OTEL_SEMCONV_STABILITY_OPT_IN";
    let Some(text) = source.text(VARIABLE) else { return SemconvMode::default() };
    let (mut stable, mut dup, mut old) = (false, false, false);
    let mut unknown = Vec::new();
    for member in members(&text) {
        let member = member.to_ascii_lowercase();
        match member.as_str() {
            "http" => stable = true,
            "http/dup" => dup = true,
            "http/old" => old = true,
            _ if member.starts_with("http") => unknown.push(member),
            _ => {}
        }
    }
    let (mode, name) = match (dup, stable, old) {
        (true, _, _) => (SemconvMode::Dup, "http/dup"),
        (false, false, true) => (SemconvMode::Old, "http/old"),
        (false, _, _) => (SemconvMode::Stable, "http"),
    };
    for member in unknown {
        source.report(Problem::new(VARIABLE, member, "expected one of http, http/dup, http/old", name));
    }
    mode
}

/// `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`. The default has no value of its own: the variable is unset.
fn exception_signal(source: &mut Source<'_>) -> ExceptionSignal {
    const VARIABLE: &str = "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN";
    let Some(text) = source.text(VARIABLE) else { return ExceptionSignal::default() };
    match text.to_ascii_lowercase().as_str() {
        "logs" => ExceptionSignal::Log,
        "logs/dup" => ExceptionSignal::Both,
        _ => {
            source.report(Problem::new(VARIABLE, text, "expected one of logs, logs/dup", "span events"));
            ExceptionSignal::SpanEvent
        }
    }
}

/// `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`: replaces the whole list, case-sensitive.
fn known_methods(source: &mut Source<'_>) -> Vec<String> {
    const VARIABLE: &str = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";
    let default = HttpSettings::default().known_methods;
    let Some(methods) = source.members(VARIABLE) else { return default };
    let (valid, invalid): (Vec<_>, Vec<_>) = methods.into_iter().partition(|name| is_token(name));
    let fallback = if valid.is_empty() { default.join(",") } else { "the other members".to_owned() };
    for member in invalid {
        source.report(Problem::new(VARIABLE, member, "not a method name", &fallback));
    }
    if valid.is_empty() { default } else { valid }
}

/// A `token` of [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2): names of methods and headers.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}
