//! Properties of every configuration file, for property tests and fuzzing.
//!
//! Not part of the library: `cfg(any(test, fuzzing))`. Each function panics if its parser breaks a promise.
#![allow(clippy::panic, reason = "a panic reports a broken promise")]
#![allow(missing_docs, clippy::missing_panics_doc, reason = "named, not documented")]

use super::Config;
use super::file::substitute::substitute;

/// The text in place of a reference is not searched again, and text without a `$` stays as it is.
pub fn substitution(text: &str, value: &str) {
    let lookup = |name: &str| (name != "UNSET").then(|| value.to_owned());
    let Ok(output) = substitute(text, &lookup) else {
        assert!(text.contains("${"), "{text:?}");
        return;
    };
    if !text.contains('$') {
        assert_eq!(output, text);
    }
    // Another value changes one piece of the output, and nothing else.
    let Ok(marked) = substitute(text, &|name| (name != "UNSET").then(|| "\u{1}".to_owned())) else {
        panic!("a reference must be valid or not, whatever its value: {text:?}");
    };
    if !text.contains('\u{1}') && !value.is_empty() {
        assert_eq!(marked.replace('\u{1}', value), output, "{text:?} {value:?}");
    }
    assert_eq!(substitute(&text.replace('$', "$$"), &lookup).as_deref(), Ok(text), "an escaped text is itself");
}

/// Any file gives a configuration and problems of one line each; an unusable file gives one problem and no telemetry.
pub fn config_file(text: &str) {
    let (config, problems) = Config::from_yaml("otel.yaml", text, |_| Some("value".to_owned()));
    for problem in &problems {
        assert_eq!(problem.to_string().lines().count(), 1, "{problem:?}");
    }
    if let Some(problem) = problems.iter().find(|problem| problem.variable == "OTEL_CONFIG_FILE") {
        assert_eq!(problems.len(), 1, "{problem}");
        assert!(config.sdk_disabled && config.traces.exporters.is_empty(), "{problem}");
    }
    for problem in &problems {
        assert!(!problem.variable.starts_with("OTEL_") || problem.variable == "OTEL_CONFIG_FILE", "{problem}");
    }
}

#[cfg(test)]
mod tests {
    use super::{config_file, substitution};
    use rand::{RngExt as _, SeedableRng as _};

    const FILE: &str = r#"
file_format: "1.0"
log_level: &level warn
resource: { attributes: [{ name: service.name, value: "${SHOP:-a}" }, { name: b, value: 1, type: int }] }
propagator: { composite: [tracecontext: , b3: ], composite_list: "baggage,$$" }
tracer_provider:
  sampler: { parent_based: { root: { trace_id_ratio_based: { ratio: 0.1 } } } }
  limits: { event_count_limit: 5 }
  processors:
    - batch: { max_queue_size: 9, exporter: { otlp_http: { headers: [{ name: a, value: *level }], timeout: 5 } } }
    - simple: { exporter: { console: } }
meter_provider:
  views:
    - selector: { instrument_name: "http.*", instrument_type: histogram }
      stream: { attribute_keys: { included: [a] }, aggregation: { explicit_bucket_histogram: { boundaries: [1, 2.5] } } }
  readers: []
instrumentation/development:
  general: { http: { server: { request_captured_headers: ["x-.*"] } } }
  rust: { otel_actix: { excluded_urls: ["^/health"] } }
"#;

    fn damaged(text: &str, random: &mut impl rand::Rng) -> String {
        const PIECES: &[&str] = &[
            "", " ", "\n", "\t", ":", ",", "{", "}", "[", "]", "- ", "${", "$", "'", "\"", "&a", "*a", "!", "é", "|",
            "#", "0", "\0",
        ];
        let mut characters: Vec<char> = text.chars().collect();
        for _ in 0..random.random_range(1..6) {
            let start = random.random_range(0..=characters.len());
            let end = (start + random.random_range(0..12)).min(characters.len());
            let piece = PIECES[random.random_range(0..PIECES.len())];
            characters.splice(start..end, piece.chars());
        }
        characters.into_iter().collect()
    }

    #[test]
    fn promises_hold_for_damaged_files() {
        config_file(FILE);
        let mut random = rand::rngs::SmallRng::seed_from_u64(11);
        for _ in 0..800 {
            config_file(&damaged(FILE, &mut random));
        }
    }

    #[test]
    fn promises_hold_for_damaged_references() {
        let mut random = rand::rngs::SmallRng::seed_from_u64(12);
        for _ in 0..20_000 {
            substitution(&damaged("a ${b} $${c:-d} ${UNSET:-x}$", &mut random), "${b}$$");
        }
    }
}
