//! The collector: takes OTLP over HTTP, and counts spans.

use std::io::{self, BufRead as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use actix_web::rt::System;
use actix_web::web::{self, Bytes, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer};
use prost::Message;

use crate::measure::Result;

/// The part of an `ExportTraceServiceRequest` that is needed for counting. Spans stay bytes, because their content is
/// not read.
#[derive(Message)]
struct Traces {
    #[prost(message, repeated, tag = "1")]
    resource_spans: Vec<ResourceSpans>,
}

#[derive(Message)]
struct ResourceSpans {
    #[prost(message, repeated, tag = "2")]
    scope_spans: Vec<ScopeSpans>,
}

#[derive(Message)]
struct ScopeSpans {
    #[prost(bytes = "bytes", repeated, tag = "2")]
    spans: Vec<Bytes>,
}

static SPANS: AtomicUsize = AtomicUsize::new(0);

async fn traces(body: Bytes) -> HttpResponse {
    let Ok(traces) = Traces::decode(body) else { return HttpResponse::BadRequest().finish() };
    let scopes = traces.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
    SPANS.fetch_add(scopes.map(|scope| scope.spans.len()).sum(), Ordering::Relaxed);
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

async fn metrics() -> HttpResponse {
    HttpResponse::Ok().content_type("application/x-protobuf").finish()
}

/// Receives exports until the input ends.
///
/// # Errors
///
/// If the server cannot be started.
pub fn sink() -> Result<()> {
    System::new().block_on(async {
        let app = || {
            App::new()
                .app_data(PayloadConfig::new(64 << 20))
                .route("/v1/traces", web::post().to(traces))
                .route("/v1/metrics", web::post().to(metrics))
        };
        let server = HttpServer::new(app).workers(1).disable_signals().bind(("127.0.0.1", 0))?;
        let address = server.addrs().first().copied().ok_or("bound to nothing")?;
        let server = server.run();
        let handle = server.handle();
        thread::spawn(move || {
            for _ in io::stdin().lock().lines() {
                // If the driver no longer reads, it has gone, and the input ends next.
                drop(writeln!(io::stdout(), "{}", SPANS.swap(0, Ordering::Relaxed)));
            }
            drop(handle.stop(false));
        });
        writeln!(io::stdout(), "{}", address.port())?;
        Ok(server.await?)
    })
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
    use prost::Message as _;

    use super::Traces;

    #[test]
    fn spans_of_all_resources_and_scopes_are_found() -> Result<(), prost::DecodeError> {
        let spans = |count| ScopeSpans {
            spans: vec![Span { name: "GET".into(), ..Span::default() }; count],
            ..ScopeSpans::default()
        };
        let scopes =
            |counts: [usize; 2]| ResourceSpans { scope_spans: counts.map(spans).to_vec(), ..ResourceSpans::default() };
        let request = ExportTraceServiceRequest { resource_spans: vec![scopes([1, 2]), scopes([4, 0])] };
        let traces = Traces::decode(request.encode_to_vec().as_slice())?;
        let found = traces.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
        assert_eq!(found.map(|scope| scope.spans.len()).sum::<usize>(), 7);
        Ok(())
    }
}
