//! HTTP telemetry, set in code: each method has the name of its variable and wins over it.

use super::builder::InitBuilder;
use crate::config::Setting;
use crate::http::settings::ExceptionSignal;

impl InitBuilder {
    /// `OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`
    pub fn exception_signal(self, signal: ExceptionSignal) -> Self {
        let name = match signal {
            ExceptionSignal::SpanEvent => "",
            ExceptionSignal::Log => "logs",
            ExceptionSignal::Both => "logs/dup",
        };
        self.variable("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", name)
    }

    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST`: names or expressions.
    pub fn http_capture_headers_server_request<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST", headers)
            .variable("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_REQUEST_HEADERS", "")
    }

    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE`: names or expressions.
    pub fn http_capture_headers_server_response<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_RESPONSE", headers)
            .variable("OTEL_INSTRUMENTATION_HTTP_SERVER_CAPTURE_RESPONSE_HEADERS", "")
    }

    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST`: names or expressions.
    pub fn http_capture_headers_client_request<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST", headers)
            .variable("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_REQUEST_HEADERS", "")
    }

    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE`: names or expressions.
    pub fn http_capture_headers_client_response<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE", headers)
            .variable("OTEL_INSTRUMENTATION_HTTP_CLIENT_CAPTURE_RESPONSE_HEADERS", "")
    }

    /// `OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS`: names or expressions.
    pub fn http_capture_headers_sanitize_fields<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SANITIZE_FIELDS", headers)
    }

    /// `OTEL_RUST_HTTP_UNREDACTED_HEADERS`: credential headers that may be recorded as they are.
    pub fn http_unredacted_headers<S: AsRef<str>>(self, headers: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_RUST_HTTP_UNREDACTED_HEADERS", headers)
    }

    /// `OTEL_RUST_EXCLUDED_URLS`: expressions that are searched for in the path.
    pub fn excluded_urls<S: AsRef<str>>(self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_RUST_EXCLUDED_URLS", patterns)
    }

    /// `OTEL_RUST_EXCLUDED_ROUTES`: routes as they are written in the app, such as `/users/{id}`.
    pub fn excluded_routes<S: AsRef<str>>(self, routes: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_RUST_EXCLUDED_ROUTES", routes)
    }

    /// `OTEL_RUST_REDACTED_QUERY_KEYS`, besides the keys that are always redacted.
    pub fn redacted_query_keys<S: AsRef<str>>(self, keys: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_RUST_REDACTED_QUERY_KEYS", keys)
    }

    /// `OTEL_RUST_TRUST_FORWARDED_HEADERS`: networks of proxies, such as `10.0.0.0/8`. An empty list trusts no host.
    pub fn trust_forwarded_headers<S: AsRef<str>>(self, networks: impl IntoIterator<Item = S>) -> Self {
        self.list("OTEL_RUST_TRUST_FORWARDED_HEADERS", networks)
    }

    /// `OTEL_RUST_TRACE_RESPONSE_HEADER`
    pub fn trace_response_header(self, wanted: bool) -> Self {
        self.variable("OTEL_RUST_TRACE_RESPONSE_HEADER", wanted.to_string())
    }

    /// `OTEL_RUST_HTTP_BODY_SIZES`
    pub fn http_body_sizes(self, wanted: bool) -> Self {
        self.variable("OTEL_RUST_HTTP_BODY_SIZES", wanted.to_string())
    }

    /// `OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS`
    pub fn http_synthetic_user_agents(self, wanted: bool) -> Self {
        self.variable("OTEL_RUST_HTTP_SYNTHETIC_USER_AGENTS", wanted.to_string())
    }

    /// `OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS`
    pub fn http_exclude_long_lived_durations(self, excluded: bool) -> Self {
        self.variable("OTEL_RUST_HTTP_EXCLUDE_LONG_LIVED_DURATIONS", excluded.to_string())
    }

    /// Sets a list. An empty one unsets the variable, because each of these lists is empty by default.
    fn list<S: AsRef<str>>(self, variable: &str, members: impl IntoIterator<Item = S>) -> Self {
        let members = members.into_iter().map(|member| member.as_ref().to_owned()).collect();
        self.setting(variable, Setting::List(members))
    }
}
