//! The variables of HTTP telemetry.

use super::{Row, read};
use crate::http::settings::SemconvMode;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST", |c| format!("{:?}", c.http.headers.request),
             unset "[]", "Accept, x-.*" => "[\"Accept\", \"x-.*\"]", invalid "(" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_REQUEST_HEADERS", |c| format!("{:?}", c.http.headers.request),
             unset "[]", "accept" => "[\"accept\"]", invalid "*" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE", |c| format!("{:?}", c.http.headers.response),
             unset "[]", "etag" => "[\"etag\"]", invalid "[" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_RESPONSE_HEADERS", |c| format!("{:?}", c.http.headers.response),
             unset "[]", "etag" => "[\"etag\"]", invalid "x{1000000}" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST",
             |c| format!("{:?}", c.http.client_headers.request),
             unset "[]", "Accept, x-.*" => "[\"Accept\", \"x-.*\"]", invalid "(" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_REQUEST_HEADERS",
             |c| format!("{:?}", c.http.client_headers.request),
             unset "[]", "accept" => "[\"accept\"]", invalid "*" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE",
             |c| format!("{:?}", c.http.client_headers.response),
             unset "[]", "etag" => "[\"etag\"]", invalid "[" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_RESPONSE_HEADERS",
             |c| format!("{:?}", c.http.client_headers.response),
             unset "[]", "etag" => "[\"etag\"]", invalid "+" => "the other members"),
        row!("OTEL_RUST_EXCLUDED_ROUTES", |c| c.http.excluded_routes.join(" "), unset "", "/a, /b/{id}" => "/a /b/{id}"),
        row!("OTEL_RUST_HTTP_UNREDACTED_HEADERS", |c| format!("{:?}", c.http.headers.unredacted),
             unset "[]", "cookie" => "[\"cookie\"]", invalid "?" => "the other members"),
        row!("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS", |c| format!("{:?}", c.http.headers.sanitize),
             unset "[]", "x-key" => "[\"x-key\"]"),
        row!("OTEL_RUST_EXCLUDED_URLS", |c| format!("{:?}", c.http.excluded_urls),
             unset "[]", "^/health,metrics$" => "[\"^/health\", \"metrics$\"]", invalid "(" => "the other members"),
        row!("OTEL_RUST_REDACTED_QUERY_KEYS", |c| c.http.redacted_query_keys.last().cloned().unwrap_or_default(),
             unset "X-Amz-Security-Token", "token" => "token"),
        row!("OTEL_RUST_TRUST_FORWARDED_HEADERS",
             |c| format!("{} {}", c.http.trusted_proxies.any, c.http.trusted_proxies.networks.len()),
             unset "false 0", "10.0.0.0/8, ::1" => "false 2", invalid "yes" => "no trust in this one"),
        row!("OTEL_RUST_TRACE_RESPONSE_HEADER", |c| c.http.trace_response_header.to_string(), unset "false",
             "true" => "true", invalid "on" => "false"),
        row!("OTEL_RUST_HTTP_BODY_SIZES", |c| c.http.body_sizes.to_string(), unset "false",
             "true" => "true", invalid "1" => "false"),
        row!("OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS", |c| c.http.synthetic_user_agents.to_string(), unset "false",
             "true" => "true", invalid "1" => "false"),
        row!("OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS", |c| c.http.exclude_long_lived_durations.to_string(),
             unset "false", "true" => "true", invalid "1" => "false"),
    ]
}

#[test]
fn what_was_to_be_hidden_stays_hidden() {
    let (config, problems) = read(&[("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS", "x-key,(")]);
    assert!(config.http.headers.sanitize.is_match("anything"));
    assert_eq!(problems[0].fallback, "[REDACTED] for every header");
}

#[test]
fn conventions_of_several_areas() {
    let semconv = |value| read(&[("OTEL_SEMCONV_STABILITY_OPT_IN", value)]).0.http.semconv;
    assert_eq!(semconv("http,http/dup"), SemconvMode::Dup);
    assert_eq!(semconv("database/dup"), SemconvMode::Stable);
    assert_eq!(semconv("HTTP/DUP"), SemconvMode::Dup);
    assert_eq!(semconv("http/old,http"), SemconvMode::Stable);
    assert_eq!(read(&[("OTEL_SEMCONV_STABILITY_OPT_IN", "database,rpc/dup")]).1, []);
}
