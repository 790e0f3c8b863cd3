//! SERVER spans go straight to OTLP as they go there by way of attributes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cost;

use std::net::SocketAddr;

use opentelemetry::trace::{Span as _, SpanKind, TracerProvider as _};
use opentelemetry::{KeyValue, StringValue, Value};

use super::record::Ending;
use super::{Answer, RecordedRequest, RecordedSpan, ServerRecord};
use crate::code::CodeLocation;
use crate::config::SpanLimitSettings;
use crate::exporter::otlp::tests::{Keeping, Pair};
use crate::http::error_type::ErrorType;
use crate::http::forwarded::TrustedProxies;
use crate::http::headers::{HeaderCapture, HeaderLookup};
use crate::http::noted::Noted;
use crate::http::patterns::Patterns;
use crate::http::settings::{HttpSettings, SemconvMode};
use crate::http::{HttpVersion, RequestFacts};
use crate::noise::Noise;
use crate::recorder::{Moment, Timestamp, Tracer};

struct Lines(Vec<(&'static str, String)>);

impl HeaderLookup for Lines {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_bytes())
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.iter().for_each(|(name, value)| visitor(name, value.as_bytes()));
    }
}

fn settings(noise: &mut Noise) -> &'static HttpSettings {
    let patterns = noise.pick(&[&[][..], &["x-.*"], &[".*"]]);
    let capture = HeaderCapture { request: Patterns::full_match(patterns).unwrap(), ..HeaderCapture::default() };
    crate::http::settings::interned(HttpSettings {
        semconv: noise.pick(&[SemconvMode::Stable, SemconvMode::Dup, SemconvMode::Old]),
        headers: capture,
        trusted_proxies: TrustedProxies { any: noise.pick(&[true, false]), networks: Vec::new() },
        synthetic_user_agents: noise.pick(&[true, false]),
        ..HttpSettings::default()
    })
}

fn headers(noise: &mut Noise) -> Lines {
    let seeds = [
        ("x-id", &["1", "two"][..]),
        ("user-agent", &["curl/8", "Googlebot/2.1", "ä"]),
        ("forwarded", &["for=192.0.2.1;proto=https;host=a.example:8443", "for=\"[2001:db8::1]:4711\""]),
        ("x-forwarded-for", &["203.0.113.5, 10.0.0.1"]),
        ("authorization", &["secret"]),
    ];
    let lines = (0..noise.number(0..=8)).map(|_| {
        let (name, values) = noise.pick(&seeds);
        (name, noise.damaged(values))
    });
    Lines(lines.collect())
}

fn own(noise: &mut Noise) -> KeyValue {
    // Some that facts have as well, and that repeat.
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
    let now = Moment::now();
    let parent = noise.pick(&[true, false]).then(|| crate::exporter::otlp::tests::context(noise));
    let (context, _) = tracer.sampled_context(parent.as_ref(), now).unwrap();
    let mut record = tracer.record(context, parent.as_ref(), now);
    record.kind = SpanKind::Server;
    record.name = "GET".into();
    if noise.pick(&[true, false, false]) {
        static HERE: CodeLocation = CodeLocation::new("shop::index", "src/shop.rs", 7);
        record.code = Some(&HERE);
    }
    let recorded = RecordedRequest::new(&facts, Noted::of(&headers), settings);
    let mut span = RecordedSpan::new(record, ServerRecord::new(recorded, settings));

    (0..noise.pick(&[0, 0, 1, 3, 20])).for_each(|_| span.set_attribute(own(noise)));
    if noise.number(0..=4) > 0 {
        let route = noise.pick(&[None, Some("/users/{id}"), Some("")]);
        let captured = headers.0.iter().map(|(name, value)| {
            let values = Value::Array(vec![StringValue::from(value.clone())].into());
            KeyValue::new(["http.response.header.", name].concat(), values)
        });
        span.answered(Answer {
            status: noise.pick(&[200, 404, 500, 999]),
            route: route.map(Into::into),
            headers: captured.take(1).collect(),
        });
    }
    (0..noise.pick(&[0, 0, 2])).for_each(|_| span.set_attribute(own(noise)));
    if noise.number(0..=6) == 0 {
        span.update_name("renamed");
    }
    let error = noise.pick(&[None, None, Some(ErrorType::Status(500)), Some(ErrorType::Class("panic"))]);
    let body = |noise: &mut Noise| noise.pick(&[None, Some(0), Some(1234), Some(u64::MAX)]);
    let ending = Ending {
        error_type: error,
        message: noise.pick(&[None, Some("out of stock")]).map(str::to_owned),
        request_body: body(noise),
        response_body: body(noise),
    };
    if noise.number(0..=9) > 0 {
        span.ended(ending, Timestamp::now());
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
            pair.compare(kept.take(&provider));
        }
    }
}
