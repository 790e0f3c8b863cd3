//! `instrumentation/development`: settings of HTTP telemetry, those of all languages and our own.

use super::node::LocatedNode;
use super::node::NodeKind;
use super::reader::{Reader, decimal};
use super::section::Section;
use crate::config::setting::Setting;

const OPT_IN: &str = "OTEL_SEMCONV_STABILITY_OPT_IN";
const KNOWN_METHODS: &str = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS";
const QUERY_KEYS: &str = "OTEL_RUST_REDACTED_QUERY_KEYS";

/// Sections of other languages: one file can serve services in several languages.
const OTHER_LANGUAGES: [&str; 10] = ["cpp", "dotnet", "erlang", "go", "java", "js", "php", "python", "ruby", "swift"];

pub(super) fn read(reader: &mut Reader<'_>, root: &mut Section<'_>) {
    let Some(place) = root.get("instrumentation/development") else { return };
    let Some(mut section) = reader.section(&place) else { return };
    let mut query_keys = None;
    if let Some(general) = section.get("general").and_then(|place| reader.section(&place)) {
        query_keys = self::general(reader, general);
    }
    let rust = section.get("rust").and_then(|place| reader.section(&place));
    for language in OTHER_LANGUAGES {
        section.others(language);
    }
    section.end(reader);
    let Some(mut rust) = rust else {
        return set_query_keys(reader, query_keys, None);
    };
    let own = rust.get("otel_actix").and_then(|place| reader.section(&place));
    rust.end(reader);
    let more = own.and_then(|own| self::own(reader, own));
    set_query_keys(reader, query_keys, more);
}

/// Keys of query parameters, and their place.
type Keys<'n> = Option<(Vec<String>, LocatedNode<'n>)>;

/// Reads the settings of all languages. Returns the list of query keys, if there is one.
fn general<'n>(reader: &mut Reader<'_>, mut section: Section<'n>) -> Keys<'n> {
    if let Some(mut http) = section.get("http").and_then(|place| reader.section(&place)) {
        for (key, side) in [("server", "SERVER"), ("client", "CLIENT")] {
            if let Some(mut side_of) = http.get(key).and_then(|place| reader.section(&place)) {
                let headers = |stage| format!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_{side}_{stage}");
                side_of.list(reader, "request_captured_headers", &headers("REQUEST"));
                side_of.list(reader, "response_captured_headers", &headers("RESPONSE"));
                side_of.list(reader, "known_methods", KNOWN_METHODS);
                side_of.end(reader);
            }
        }
        if let Some(semconv) = http.get("semconv") {
            semantic_conventions(reader, &semconv);
        }
        http.end(reader);
    }
    // The conventions of one area win over the list for all.
    let list = section.get("stability_opt_in_list");
    if let Some(list) = list.filter(|_| !reader.settings.contains_key(OPT_IN))
        && let Some(text) = reader.text(&list)
    {
        reader.set_text(OPT_IN, text, &list);
    }
    let mut keys = None;
    if let Some(mut sanitization) = section.get("sanitization").and_then(|place| reader.section(&place)) {
        if let Some(mut url) = sanitization.get("url").and_then(|place| reader.section(&place)) {
            let list = url.get("sensitive_query_parameters").filter(|list| !list.node.is_null());
            keys = list.map(|list| (reader.texts(&list), list));
            url.end(reader);
        }
        sanitization.end(reader);
    }
    section.end(reader);
    keys
}

/// Reads `version` and `dual_emit`, with which the previous version is emitted, too.
fn semantic_conventions(reader: &mut Reader<'_>, place: &LocatedNode<'_>) {
    let Some(mut section) = reader.section(place) else { return };
    let mut scalar = |reader: &mut Reader<'_>, key| {
        let place = section.get(key)?;
        reader.scalar(&place).map(|scalar| (decimal(scalar).to_ascii_lowercase(), place))
    };
    let version = scalar(reader, "version");
    let dual = scalar(reader, "dual_emit");
    let old = match version {
        None => false,
        Some((version, _)) if version == "1" => false,
        Some((version, _)) if version == "0" => true,
        Some((version, place)) => {
            reader.report(&place, &version, "expected 1, or 0 for the conventions before", "1");
            false
        }
    };
    let dual = match dual {
        None => false,
        Some((dual, _)) if dual == "true" || dual == "false" => dual == "true",
        Some((dual, place)) => {
            reader.report(&place, &dual, "expected true or false", "false");
            false
        }
    };
    section.unsupported(reader, "experimental", &["false"]);
    section.end(reader);
    let mode = match (old, dual) {
        (true, _) => "http/old",
        (false, true) => "http/dup",
        (false, false) => "http",
    };
    reader.set_text(OPT_IN, mode, place);
}

/// Reads our own settings, which have the names of the builder's methods. Returns more query keys.
fn own<'n>(reader: &mut Reader<'_>, mut section: Section<'n>) -> Keys<'n> {
    const SANITIZE: &str = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS";
    section.list(reader, "http_capture_headers_sanitize_fields", SANITIZE);
    section.list(reader, "http_unredacted_headers", "OTEL_RUST_HTTP_UNREDACTED_HEADERS");
    section.list(reader, "excluded_urls", "OTEL_RUST_EXCLUDED_URLS");
    section.list(reader, "excluded_routes", "OTEL_RUST_EXCLUDED_ROUTES");
    if let Some(place) = section.get("trust_forwarded_headers") {
        match &place.node.kind {
            NodeKind::Sequence(_) => {
                let networks = reader.texts(&place);
                reader.set("OTEL_RUST_TRUST_FORWARDED_HEADERS", Setting::List(networks), &place);
            }
            _ => {
                if let Some(text) = reader.text(&place) {
                    reader.set_text("OTEL_RUST_TRUST_FORWARDED_HEADERS", text, &place);
                }
            }
        }
    }
    section.value(reader, "trace_response_header", "OTEL_RUST_TRACE_RESPONSE_HEADER");
    section.value(reader, "http_body_sizes", "OTEL_RUST_HTTP_BODY_SIZES");
    section.value(reader, "http_synthetic_user_agents", "OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS");
    section.value(reader, "http_exclude_long_lived_durations", "OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS");
    section.list(reader, "disabled_instrumentations", "OTEL_RUST_DISABLED_INSTRUMENTATIONS");
    section.value(reader, "db_returned_rows", "OTEL_RUST_DB_RETURNED_ROWS");
    section.text(reader, "exception_signal", "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN");
    let keys = section.get("redacted_query_keys").map(|place| (reader.texts(&place), place));
    section.end(reader);
    keys
}

/// The schema's list replaces the default; ours adds to either.
fn set_query_keys(reader: &mut Reader<'_>, whole: Keys<'_>, more: Keys<'_>) {
    match (whole, more) {
        (Some((mut keys, place)), more) => {
            if let Some((more, _)) = more {
                keys.extend(more);
            }
            reader.set(QUERY_KEYS, Setting::Exactly(keys), &place);
        }
        (None, Some((keys, place))) => reader.set(QUERY_KEYS, Setting::List(keys), &place),
        (None, None) => {}
    }
}
