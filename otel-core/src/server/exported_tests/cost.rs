//! The cost of encoding an ordinary request as OTLP, with our encoder and by way of `SpanData`.
//!
//! ```text
//! cargo test --release -p otel-core --all-features --lib -- --ignored --nocapture cost
//! ```
//!
//! For instructions instead of time, run the test program under `valgrind --tool=callgrind
//! --toggle-collect='*cost::directly'`, or `'*cost::by_span_data'`, and divide by [`SPANS`].
#![allow(clippy::print_stdout, reason = "prints its result")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use prost::Message as _;

use super::*;
use crate::recorder::Batch;

/// Batches of as many spans as are exported at once by default.
const BATCHES: u32 = 40;
const BATCH: u32 = 512;
const SPANS: u32 = BATCHES * BATCH;

fn ordinary(tracer: &Tracer) {
    let headers = Lines(vec![("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0".to_owned())]);
    let facts = RequestFacts {
        method: "GET",
        path: "/users/42",
        query: Some("verbose=1"),
        scheme: "http",
        authority: Some(b"localhost:8080"),
        peer: "127.0.0.1:54321".parse().ok(),
        local: "127.0.0.1:8080".parse().ok(),
        version: HttpVersion::Http11,
        headers: &headers,
    };
    let settings = crate::http::settings::interned(HttpSettings::default());
    let mut span = ServerSpan::in_recorder(tracer, &facts, settings, None);
    span.respond(ResponseFacts { route: Some("/users/{id}".into()), ..ResponseFacts::with_status(200) });
    span.end();
}

#[inline(never)]
fn directly(pair: &mut Pair, batches: &[Batch]) -> Vec<u8> {
    pair.ours(batches)
}

#[inline(never)]
fn by_span_data(pair: &Pair, batches: &[Batch]) -> Vec<u8> {
    pair.reference(batches).encode_to_vec()
}

#[test]
#[ignore = "measures"]
fn cost() {
    let limits = SpanLimitSettings::default();
    let (provider, kept) = Keeping::provider(limits);
    let tracer = provider.tracer("framework");
    let mut pair = Pair::new(limits);
    (0..BATCH).for_each(|_| ordinary(&tracer));
    let batches = kept.take(&provider);
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    for _ in 0..BATCHES {
        let start = Instant::now();
        let message = black_box(by_span_data(&pair, &batches));
        theirs += start.elapsed();
        let start = Instant::now();
        let direct = black_box(directly(&mut pair, &batches));
        ours += start.elapsed();
        assert_eq!(message, direct);
    }
    println!("per span: {:?} directly, {:?} by way of SpanData", ours / SPANS, theirs / SPANS);
}
