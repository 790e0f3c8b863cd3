//! A handler that makes three calls, as the server of the W3C's test harness for trace context does: each call names a
//! span of its own as the parent.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};
use otel_actix::auto_instrument;
use otel_actix::clients::awc::ClientTelemetry;
use otel_actix::opentelemetry::trace::SpanKind;
use otel_actix::testing::TestTrace;

const CALLS: usize = 3;

fn client() -> awc::Client {
    awc::Client::builder().wrap(ClientTelemetry::new()).finish()
}

/// One call after the other.
#[auto_instrument]
async fn in_turn(peer: web::Data<SocketAddr>) -> HttpResponse {
    let (client, peer) = (client(), **peer);
    for _ in 0..CALLS {
        client.get(format!("http://{peer}/")).send().await.unwrap().body().await.unwrap();
    }
    HttpResponse::Ok().finish()
}

/// All calls at once, each in a task of its own.
#[auto_instrument]
async fn in_tasks(peer: web::Data<SocketAddr>) -> HttpResponse {
    let mut tasks = Vec::new();
    for _ in 0..CALLS {
        let (client, peer) = (client(), **peer);
        tasks.push(rt::spawn(async move {
            client.get(format!("http://{peer}/")).send().await.unwrap().body().await.unwrap();
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    HttpResponse::Ok().finish()
}

/// All requests are made before the first one is awaited, and awaited in the opposite order.
#[auto_instrument]
async fn at_once(peer: web::Data<SocketAddr>) -> HttpResponse {
    let (client, peer) = (client(), **peer);
    let mut calls: Vec<_> = (0..CALLS).map(|_| client.get(format!("http://{peer}/")).send()).collect();
    while let Some(call) = calls.pop() {
        call.await.unwrap().body().await.unwrap();
    }
    HttpResponse::Ok().finish()
}

#[auto_instrument]
fn serve(peer: SocketAddr) -> SocketAddr {
    let server = HttpServer::new(move || {
        let app = App::new().app_data(web::Data::new(peer));
        app.route("/in-turn", web::get().to(in_turn))
            .route("/in-tasks", web::get().to(in_tasks))
            .route("/at-once", web::get().to(at_once))
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    rt::spawn(server.run());
    address
}

type Received = Arc<Mutex<Vec<String>>>;

/// A server without telemetry that keeps the `traceparent` of each request.
fn peer() -> (SocketAddr, Received) {
    let received = Received::default();
    let kept = web::Data::from(Arc::clone(&received));
    let server = HttpServer::new(move || {
        App::new().app_data(kept.clone()).default_service(web::to(
            async |request: HttpRequest, received: web::Data<Mutex<Vec<String>>>| {
                let [header] = request.headers().get_all("traceparent").collect::<Vec<_>>()[..] else {
                    return HttpResponse::BadRequest().finish();
                };
                received.lock().unwrap().push(header.to_str().unwrap().to_owned());
                HttpResponse::Ok().finish()
            },
        ))
    });
    let server = server.workers(1).disable_signals().bind("127.0.0.1:0").unwrap();
    let address = server.addrs()[0];
    rt::spawn(server.run());
    (address, received)
}

#[actix_web::test]
async fn three_calls_of_a_handler_name_three_parents() {
    let (address, received) = peer();
    let server = serve(address);
    for path in ["in-turn", "in-tasks", "at-once"] {
        let trace = TestTrace::start();
        let request = awc::Client::new().get(format!("http://{server}/{path}"));
        let answer = request.insert_header(("traceparent", trace.traceparent())).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");

        let spans = trace.wait_for(CALLS + 2, Duration::from_secs(20));
        let handler = path.replace('-', "_");
        let calls = "    GET [CLIENT]\n".repeat(CALLS);
        assert_eq!(trace.tree(), format!("GET /{path} [SERVER]\n  {handler}\n{calls}"));
        let calls = spans.iter().filter(|span| span.span_kind == SpanKind::Client);
        let named: HashSet<_> = received.lock().unwrap().drain(..).collect();
        let expected: HashSet<_> = calls
            .map(|call| format!("00-{}-{}-01", call.span_context.trace_id(), call.span_context.span_id()))
            .collect();
        assert_eq!((named.len(), named), (CALLS, expected), "{path}");
    }
}
