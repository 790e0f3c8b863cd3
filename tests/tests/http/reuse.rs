//! actix-web uses the memory of a request's head again. If a middleware drops a request before it answers, the next one
//! may have the same address, but it is another request.

use std::future::{Future, poll_fn};
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::Poll;

use actix_web::body::BoxBody;
use actix_web::dev::{Service as _, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpRequest, HttpServer, error, web};

use super::support::{PATIENCE, TestServer, Trace, instrumented, text};

/// Holds requests until it is opened.
#[derive(Clone, Default)]
struct Gate(Arc<AtomicBool>);

impl Gate {
    fn open(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Polls again and again, because another thread opens it.
    fn opened(self) -> impl Future<Output = ()> {
        poll_fn(move |cx| {
            if self.0.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
    }
}

/// The trace of a request, as the application sees it.
async fn tell(request: HttpRequest) -> String {
    otel_actix::request_span(&request).span_context().trace_id().to_string()
}

/// One worker has all requests: they share their memory.
macro_rules! serve_alone {
    ($factory:expr) => {
        TestServer::start(move |listener| {
            let factory = instrumented!($factory);
            HttpServer::new(factory).workers(1).listen(listener).unwrap().run()
        })
    };
}

/// Refuses a request, which waits for the gate without its head, and lets others come meanwhile.
fn others_are_not_mistaken_for_it(server: &TestServer, waits: &mpsc::Receiver<()>, gate: &Gate) {
    let refused = Trace::new();
    let mut stream = server.connect();
    stream.write_all(server.head_in(refused, "GET", "/refused", "").as_bytes()).unwrap();
    waits.recv_timeout(PATIENCE).unwrap();
    for _ in 0..4 {
        let trace = Trace::new();
        let response = server.send_raw(&server.head_in(trace, "GET", "/told", ""));
        assert!(response.ends_with(&trace.id().to_string()), "{response}");
        assert_eq!(trace.server_span().name, "GET /told");
    }
    gate.open();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    assert_eq!(text(&refused.server_span(), "http.response.status_code").as_deref(), Some("401"));
}

#[test]
fn a_middleware_that_drops_the_request_and_waits() {
    let (gate, (waiting, waits)) = (Gate::default(), mpsc::channel());
    let opens = gate.clone();
    let server = serve_alone!(move || {
        let (gate, waiting) = (gate.clone(), waiting.clone());
        App::new().route("/told", web::get().to(tell)).wrap_fn(move |request, service| {
            let answer = (request.path() != "/refused").then(|| service.call(request));
            let (gate, waiting) = (gate.clone(), waiting.clone());
            async move {
                if let Some(answer) = answer {
                    return answer.await;
                }
                waiting.send(()).unwrap();
                gate.opened().await;
                Err(error::ErrorUnauthorized("who is there?"))
            }
        })
    });
    others_are_not_mistaken_for_it(&server, &waits, &opens);
}

#[test]
fn a_middleware_that_looks_into_an_error_before_it_hands_it_on() {
    async fn refuse(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, Error> {
        if request.path() == "/refused" {
            return Err(error::ErrorUnauthorized("who is there?"));
        }
        next.call(request).await
    }
    let (gate, (waiting, waits)) = (Gate::default(), mpsc::channel());
    let opens = gate.clone();
    let server = serve_alone!(move || {
        let (gate, waiting) = (gate.clone(), waiting.clone());
        let audit = move |request: ServiceRequest, next: Next<BoxBody>| {
            let (gate, waiting) = (gate.clone(), waiting.clone());
            async move {
                let answer: Result<ServiceResponse, Error> = next.call(request).await;
                if answer.is_err() {
                    waiting.send(()).unwrap();
                    gate.opened().await;
                }
                answer
            }
        };
        App::new().route("/told", web::get().to(tell)).wrap(from_fn(refuse)).wrap(from_fn(audit))
    });
    others_are_not_mistaken_for_it(&server, &waits, &opens);
}
