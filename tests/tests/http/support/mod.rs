//! A server on an ephemeral port, requests as raw bytes, and the spans of one trace.

pub(crate) mod http2;
pub(crate) mod metrics;
pub(crate) mod observed;
pub(crate) mod tls;

use actix_web::dev::{Server, ServerHandle};
use opentelemetry::trace::{SpanKind, TraceId};
use opentelemetry::{Value, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_core::config::{BatchSettings, PropagatorName};
use otel_core::http::settings::HttpSettings;
use otel_core::propagation::install;
use otel_core::recorder::TracerProvider;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, mpsc};
use std::time::{Duration, Instant};

/// Longer than any test takes on a loaded machine; only a failing test waits this long.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// An app factory after the expansion of the attribute.
macro_rules! instrumented {
    ($factory:expr) => {{
        let factory = $factory;
        move || {
            #[allow(unused_imports, reason = "an `App` has the method itself")]
            use otel_actix::__private::{Made, MadeApp as _, MadeOther as _, MadeService as _};
            let app = factory();
            let kind = (&&&Made(&app)).__otel_kind();
            kind.instrument(app)
        }
    }};
}

/// Runs `HttpServer::new(factory)`, instrumented, on a port of its own.
macro_rules! serve {
    ($factory:expr) => {
        $crate::support::serve_plain!($crate::support::instrumented!($factory))
    };
}

/// The same for clients that speak HTTP/2 without TLS.
macro_rules! serve_h2c {
    ($factory:expr) => {
        $crate::support::TestServer::start(move |listener| {
            let factory = $crate::support::instrumented!($factory);
            actix_web::HttpServer::new(factory).workers(2).listen_auto_h2c(listener).unwrap().run()
        })
    };
}

/// The same with TLS, which negotiates the protocol.
macro_rules! serve_tls {
    ($factory:expr) => {
        $crate::support::TestServer::start(move |listener| {
            let factory = $crate::support::instrumented!($factory);
            let tls = $crate::support::tls::server();
            actix_web::HttpServer::new(factory).workers(2).listen_rustls_0_23(listener, tls).unwrap().run()
        })
    };
}

/// Runs `HttpServer::new(factory)` as it is.
macro_rules! serve_plain {
    ($factory:expr) => {
        $crate::support::TestServer::start(move |listener| {
            actix_web::HttpServer::new($factory).workers(2).listen(listener).unwrap().run()
        })
    };
}
pub(crate) use {instrumented, serve, serve_h2c, serve_plain, serve_tls};

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    handle: ServerHandle,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl TestServer {
    pub(crate) fn start(run: impl FnOnce(TcpListener) -> Server + Send + 'static) -> Self {
        Self::start_on(TcpListener::bind("127.0.0.1:0").unwrap(), run)
    }

    /// Requests are sent to `127.0.0.1`, wherever the server listens.
    pub(crate) fn start_on(listener: TcpListener, run: impl FnOnce(TcpListener) -> Server + Send + 'static) -> Self {
        LazyLock::force(&SPANS);
        LazyLock::force(&metrics::METRICS);
        let address = SocketAddr::from(([127, 0, 0, 1], listener.local_addr().unwrap().port()));
        let (sender, receiver) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = run(listener);
                sender.send(server.handle()).unwrap();
                server.await.unwrap();
            });
        });
        Self { address, handle: receiver.recv().unwrap(), thread: Some(thread) }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends a request as it is and reads until the server closes the connection.
    pub(crate) fn send_raw(&self, request: &str) -> String {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        // A server that gives up a connection may reset it: the bytes until then count.
        let _ = stream.read_to_end(&mut response);
        String::from_utf8_lossy(&response).into_owned()
    }

    /// Sends one request in a trace of its own; the response and the trace's SERVER span.
    pub(crate) fn get(&self, path: &str) -> (String, SpanData) {
        self.request("GET", path, "")
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &str) -> (String, SpanData) {
        let trace = Trace::new();
        let response = self.send_raw(&self.head_in(trace, method, path, headers));
        (response, trace.server_span())
    }

    /// The head of a request that is part of `trace`. Headers end in `\r\n` each.
    pub(crate) fn head_in(&self, trace: Trace, method: &str, path: &str, headers: &str) -> String {
        let (address, traceparent) = (self.address, trace.traceparent());
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\ntraceparent: {traceparent}\r\n{headers}\r\n"
        )
    }

    /// Begins to stop: requests in flight are still answered.
    pub(crate) fn begin_graceful_stop(&self) {
        drop(self.handle.stop(true));
    }

    /// Stops without waiting for requests in flight.
    pub(crate) fn kill(mut self) {
        self.stop();
    }

    fn stop(&mut self) {
        if let Some(thread) = self.thread.take() {
            drop(self.handle.stop(false));
            let _ = thread.join();
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A trace with one request, to find its spans among those of parallel tests.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace(u64);

impl Trace {
    pub(crate) const PARENT: u64 = 0x00f0_67aa_0ba9_02b7;

    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) fn id(self) -> TraceId {
        TraceId::from(u128::from(self.0) | 0xabcd << 96)
    }

    pub(crate) fn traceparent(self) -> String {
        format!("00-{}-{:016x}-01", self.id(), Self::PARENT)
    }

    /// The spans of this trace, once there are `count` of them.
    pub(crate) fn spans(self, count: usize) -> Vec<SpanData> {
        SPANS.wait(|spans| {
            let mine: Vec<_> = spans.iter().filter(|span| span.span_context.trace_id() == self.id()).cloned().collect();
            (mine.len() >= count).then_some(mine)
        })
    }

    /// The only SERVER span.
    pub(crate) fn server_span(self) -> SpanData {
        let mut servers = self.spans(1);
        servers.retain(|span| span.span_kind == SpanKind::Server);
        assert_eq!(servers.len(), 1, "one SERVER span per request");
        servers.remove(0)
    }
}

/// Value of an attribute that is there once.
pub(crate) fn attribute<'a>(span: &'a SpanData, key: &str) -> Option<&'a Value> {
    let mut values = span.attributes.iter().filter(|kv| kv.key.as_str() == key).map(|kv| &kv.value);
    let value = values.next();
    assert!(values.next().is_none(), "{key} is recorded twice");
    value
}

pub(crate) fn text(span: &SpanData, key: &str) -> Option<String> {
    attribute(span, key).map(|value| value.as_str().into_owned())
}

static SPANS: LazyLock<&'static Collected> = LazyLock::new(|| {
    let collected: &'static Collected = Box::leak(Box::default());
    // The spans are the same with any provider of an application.
    if std::env::var_os("TEST_WITH_SDK_PROVIDER").is_some() {
        global::set_tracer_provider(SdkTracerProvider::builder().with_simple_exporter(Collector(collected)).build());
    } else {
        let mut batch = BatchSettings::default();
        (batch.max_queue_size, batch.max_export_batch_size) = (100_000, 1);
        let provider = TracerProvider::builder().with_batch(batch).with_exporter(Collector(collected)).build();
        global::set_tracer_provider(provider);
    }
    install(&[PropagatorName::TraceContext, PropagatorName::Baggage]);
    let mut settings = HttpSettings::default();
    settings.known_methods.extend_from_slice(&observed::METHODS);
    assert!(otel_core::config::install_http_settings(settings));
    collected
});

#[derive(Debug, Default)]
struct Collected {
    spans: Mutex<Vec<SpanData>>,
    more: Condvar,
}

impl Collected {
    fn wait<T>(&self, mut found: impl FnMut(&[SpanData]) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut spans = self.spans.lock().unwrap();
        loop {
            if let Some(found) = found(&spans) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "spans that were waited for did not come");
            spans = self.more.wait_timeout(spans, left).unwrap().0;
        }
    }
}

#[derive(Debug)]
struct Collector(&'static Collected);

impl SpanExporter for Collector {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.spans.lock().unwrap().extend(batch);
        self.0.more.notify_all();
        Ok(())
    }
}

/// Spans whose attribute has this value, once there are `count` of them.
pub(crate) fn spans_with(key: &str, value: &str, count: usize) -> Vec<SpanData> {
    SPANS.wait(|spans| {
        let found: Vec<_> = spans.iter().filter(|span| text(span, key).as_deref() == Some(value)).cloned().collect();
        (found.len() >= count).then_some(found)
    })
}
