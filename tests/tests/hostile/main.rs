//! Ten thousand hostile requests to one server: each is answered, or refused by actix-http's own parser; nothing
//! panics, no span is lost, and memory does not grow.
//!
//! A process of its own: panics and memory are counted process-wide.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod generator;
mod telemetry;

use actix_web::{App, HttpResponse, HttpServer, web};
use client::{Answer, Client};
use generator::Generator;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::{Context, global};
use otel_actix::{HttpSettings, HttpTelemetry};
use otel_core::http::settings::SemconvMode;
use otel_core::http::{Patterns, TrustedProxies};
use std::collections::HashMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Requests that bring caches and the allocator to their size before memory is measured.
const WARM_UP: usize = 2_000;
const REQUESTS: usize = 10_000;
const CLIENTS: usize = 4;

/// The most growth of the process, in bytes. The measured requests send far more than that.
const MOST_GROWTH: usize = 24 << 20;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Settings that read everything a client sends.
fn settings() -> HttpSettings {
    let everything = || Patterns::full_match([".*"]).unwrap();
    let mut settings = HttpSettings::default();
    settings.semconv = SemconvMode::Dup;
    settings.headers.request = everything();
    settings.headers.response = everything();
    settings.excluded_urls = Patterns::search(["^/excluded"]).unwrap();
    settings.trusted_proxies = TrustedProxies::any();
    settings.trace_response_header = true;
    settings.body_sizes = true;
    settings.synthetic_user_agents = true;
    settings
}

/// Reads the context, and injects it as for a call to another service.
async fn handler() -> HttpResponse {
    let context = Context::current();
    let mut carrier = HashMap::new();
    global::get_text_map_propagator(|propagator| propagator.inject_context(&context, &mut carrier));
    HttpResponse::Ok().body(format!("{} {}", context.baggage().iter().count(), carrier.len()))
}

fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, started) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let app = || {
                App::new()
                    .route("/users/{id}", web::get().to(handler))
                    .default_service(web::to(handler))
                    .wrap(HttpTelemetry::new().with_settings(settings()))
            };
            let server = HttpServer::new(app).workers(2).listen(listener).unwrap().run();
            sender.send(()).unwrap();
            server.await.unwrap();
        });
    });
    started.recv().unwrap();
    address
}

/// Resident memory of this process in bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * rustix::param::page_size()
}

#[derive(Debug, Default)]
struct Sums {
    answered: usize,
    refused: usize,
    bytes: usize,
}

/// Sends requests from several clients at once, each over one connection as long as the server keeps it.
fn send(address: SocketAddr, requests: usize, seed: u64) -> Sums {
    let mut sums = Sums::default();
    let clients: Vec<_> = (0..CLIENTS as u64)
        .map(|number| {
            std::thread::spawn(move || {
                let (mut client, mut generator) = (Client::new(address), Generator::new(seed + number));
                let mut sums = Sums::default();
                for _ in 0..requests / CLIENTS {
                    let request = generator.request();
                    sums.bytes += request.len();
                    match client.send(&request) {
                        Answer::Handled => sums.answered += 1,
                        Answer::Refused => sums.refused += 1,
                    }
                }
                sums
            })
        })
        .collect();
    for client in clients {
        let one = client.join().unwrap();
        sums.answered += one.answered;
        sums.refused += one.refused;
        sums.bytes += one.bytes;
    }
    sums
}

#[test]
fn nothing_that_a_client_sends_breaks_anything() {
    let default_hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        default_hook(panic);
    }));
    let telemetry = telemetry::install();
    let address = serve();

    let warm_up = send(address, WARM_UP, 1);
    let before = resident();
    let sums = send(address, REQUESTS, 1_000);
    let growth = resident().saturating_sub(before);

    assert_eq!(PANICS.load(Ordering::Relaxed), 0);
    assert_eq!(sums.answered + sums.refused, REQUESTS);
    assert!(sums.answered > REQUESTS / 2, "most requests reach the handler: {sums:?}");
    assert!(sums.refused > REQUESTS / 100, "some are too bad for the parser: {sums:?}");
    let answered = warm_up.answered + sums.answered;
    telemetry.assert_spans(answered);
    assert!(sums.bytes > 2 * MOST_GROWTH, "a leak would be seen: {sums:?}");
    assert!(growth < MOST_GROWTH, "{growth} bytes more after {sums:?}");

    // The server still works.
    assert_eq!(Client::new(address).send(b"GET /users/7 HTTP/1.1\r\nHost: h\r\n\r\n"), Answer::Handled);
}
