//! SERVER spans encoded directly as OTLP are the same as those encoded from `SpanData`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cost;

use std::net::SocketAddr;

use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry::{KeyValue, Value};

use crate::code::CodeLocation;
use crate::config::SpanLimitSettings;
use crate::exporter::otlp::tests::{Keeping, Pair};
use crate::http::properties::Lines;
use crate::http::settings::{HttpSettings, SemconvMode};
use crate::http::{Failure, HeaderCapture, HttpVersion, Patterns, RequestFacts, ResponseFacts, TrustedProxies};
use crate::recorder::Tracer;
use crate::server::ServerSpan;
use crate::test_input::Noise;

fn settings(noise: &mut Noise) -> &'static HttpSettings {
    let patterns = noise.pick(&[&[][..], &["x-.*"], &[".*"]]);
    let patterns = Patterns::full_match(patterns).unwrap();
    let capture = HeaderCapture { request: patterns.clone(), response: patterns, ..HeaderCapture::default() };
    crate::http::settings::interned(HttpSettings {
        semconv: noise.pick(&[SemconvMode::Stable, SemconvMode::Dup, SemconvMode::Old]),
        headers: capture,
        trusted_proxies: TrustedProxies { any: noise.pick(&[true, false]), networks: Vec::new() },
        synthetic_user_agents: noise.pick(&[true, false]),
        body_sizes: noise.pick(&[true, false]),
        ..HttpSettings::default()
    })
}

fn headers(noise: &mut Noise) -> Lines<'static, String> {
    let seeds = [
        ("x-id", &["1", "two"][..]),
        ("user-agent", &["curl/8", "Googlebot/2.1", "ä"]),
        ("forwarded", &["for=192.0.2.1;proto=https;host=a.example:8443", "for=\"[2001:db8::1]:4711\""]),
        ("x-forwarded-for", &["203.0.113.5, 10.0.0.1"]),
        ("authorization", &["secret"]),
        ("content-length", &["17", "1 7"]),
        ("host", &["h:1"]),
    ];
    let lines = (0..noise.number(0..=8)).map(|_| {
        let (name, values) = noise.pick(&seeds);
        (name, noise.damaged(values))
    });
    Lines(lines.collect())
}

fn own(noise: &mut Noise) -> KeyValue {
    // Keys that facts have as well, and keys that repeat.
    let keys = ["user.id", "n", "http.route", "url.path", "error.type", "http.request.header.x-id", "code.file.path"];
    let values = [Value::I64(7), "text".into(), Value::Bool(true)];
    KeyValue::new(noise.pick(&keys), values[noise.number(0..=2) as usize].clone())
}

/// One request, from its head to its end.
fn request(noise: &mut Noise, tracer: &Tracer, settings: &'static HttpSettings) {
    let headers = headers(noise);
    let address = |noise: &mut Noise| -> Option<SocketAddr> {
        noise.pick(&["", "192.0.2.7:1", "[::1]:65535", "[::ffff:10.0.0.1]:80", "10.200.30.4:443"]).parse().ok()
    };
    let (path, query) = (noise.damaged(&["/", "/users/42", "/ä"]), noise.damaged(&["a=1&sig=secret", "q", ""]));
    let authority = noise.damaged(&["localhost:8080", "[::1]:80", "user@example.com", "a"]);
    let facts = RequestFacts {
        method: noise.pick(&["GET", "POST", "get", "FOO", ""]),
        path: &path.repeat(noise.pick(&[1, 1, 1, 700])),
        query: noise.pick(&[true, false]).then_some(query.as_str()),
        scheme: noise.pick(&["http", "https"]),
        authority: noise.pick(&[true, false]).then_some(authority.as_bytes()),
        peer: address(noise),
        local: address(noise),
        version: noise.pick(&[HttpVersion::Http11, HttpVersion::Http2]),
        headers: &headers,
    };
    let parent = noise.pick(&[true, false]).then(|| crate::exporter::otlp::tests::context(noise));
    let mut span = ServerSpan::in_recorder(tracer, &facts, settings, parent.as_ref());
    if noise.pick(&[true, false, false]) {
        static HERE: CodeLocation = CodeLocation::new("shop::index", "src/shop.rs", 7);
        span.set_code(&HERE);
    }
    let context = span.context().clone();
    let own_attributes = |noise: &mut Noise, numbers: &[usize]| {
        (0..noise.pick(numbers)).for_each(|_| context.span().set_attribute(own(noise)));
    };

    own_attributes(noise, &[0, 0, 1, 3, 20]);
    if noise.number(0..=9) == 0 {
        context.span().end();
    }
    if noise.number(0..=4) > 0 {
        let route = noise.pick(&[None, Some("/users/{id}"), Some("")]);
        span.respond(ResponseFacts {
            status: noise.pick(&[200, 404, 500, 999]),
            route: route.map(Into::into),
            error: noise.pick(&[None, Some("out of stock")]).map(str::to_owned),
            headers: &headers,
            labels: &[],
        });
    }
    own_attributes(noise, &[0, 0, 2]);
    if noise.number(0..=6) == 0 {
        context.span().update_name("renamed");
    }
    if noise.number(0..=9) == 0 {
        context.span().end();
    }
    span.add_response_body_size(noise.pick(&[0, 1234, usize::MAX]));
    match noise.number(0..=2) {
        0 => span.end(),
        1 => span.fail(&Failure::Panic),
        _ => drop(span),
    }
}

#[test]
fn requests_of_any_kind() {
    let mut noise = Noise::new(61);
    for round in 0..60 {
        let mut limits = SpanLimitSettings::default();
        if round % 3 == 1 {
            limits = crate::exporter::otlp::tests::limits(&mut noise);
        }
        let (provider, kept) = Keeping::provider(limits);
        let tracer = provider.tracer("framework");
        let mut pair = Pair::new(limits);
        for _ in 0..2 {
            let settings = settings(&mut noise);
            (0..50).for_each(|_| request(&mut noise, &tracer, settings));
            pair.compare(&kept.take(&provider));
        }
    }
}
