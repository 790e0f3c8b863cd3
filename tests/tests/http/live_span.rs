//! A request's span is a live one, wherever its record is: applications may use it in any way, at any time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, web};
use futures_util::stream;
use opentelemetry::trace::{Span as _, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, Value, global};
use opentelemetry_sdk::trace::SpanData;

use super::support::{Trace, attribute, serve};

/// The value that counts: the SDK's provider keeps all values of a key, one behind the other.
fn last<'a>(span: &'a SpanData, key: &str) -> Option<&'a Value> {
    span.attributes.iter().rev().find(|kv| kv.key.as_str() == key).map(|kv| &kv.value)
}

fn say(key: &'static str, value: impl Into<Value>) {
    otel_actix::span().set_attribute(KeyValue::new(key, value));
}

#[test]
fn what_was_said_last_counts_whoever_said_it() {
    async fn handler() -> HttpResponse {
        say("app.when", "handler");
        say("http.response.status_code", 7);
        otel_actix::span().update_name("handler");
        let chunk = stream::once(async {
            say("app.when", "body");
            say("http.route", "body");
            otel_actix::span().update_name("body");
            Ok::<_, std::convert::Infallible>(Bytes::from_static(b"chunk"))
        });
        HttpResponse::Accepted().streaming(Box::pin(chunk))
    }
    async fn renames() -> HttpResponse {
        otel_actix::span().update_name("handler");
        HttpResponse::Ok().finish()
    }
    let server =
        serve!(|| App::new().route("/said/{x}", web::get().to(handler)).route("/renames", web::get().to(renames)));
    let (_, span) = server.get("/said/1");
    assert_eq!(last(&span, "http.response.status_code"), Some(&Value::I64(202)), "the answer came after the handler");
    assert_eq!(last(&span, "app.when"), Some(&Value::from("body")));
    assert_eq!(last(&span, "http.route"), Some(&Value::from("body")), "the body came after the answer");
    assert_eq!(span.name, "body");
    assert_eq!(server.get("/renames").1.name, "GET /renames", "the route was told after the handler");
}

#[test]
fn events_links_and_status_of_a_handler_are_kept() {
    async fn handler() -> HttpResponse {
        let context = Context::current();
        let span = context.span();
        span.add_event("found", vec![KeyValue::new("app.rows", 3)]);
        let mut other = global::tracer("test").start_with_context("other", &Context::new());
        span.add_link(other.span_context().clone(), vec![]);
        other.end();
        span.set_status(Status::Ok);
        HttpResponse::InternalServerError().finish()
    }
    let server = serve!(|| App::new().route("/", web::to(handler)));
    let (_, span) = server.get("/");
    assert_eq!(span.events.events.len(), 1);
    assert_eq!(span.events.events[0].attributes, [KeyValue::new("app.rows", 3)]);
    assert_eq!(span.links.links.len(), 1);
    assert_eq!(span.status, Status::Ok, "an application's Ok is final");
}

#[test]
fn a_span_that_its_handler_ends_says_no_more() {
    async fn handler() -> HttpResponse {
        let context = Context::current();
        let span = context.span();
        say("app.before", true);
        span.end();
        assert!(!span.is_recording());
        say("app.after", true);
        HttpResponse::Ok().finish()
    }
    let server = serve!(|| {
        App::new().route("/ended", web::get().to(handler)).route("/ordinary", web::get().to(HttpResponse::Ok))
    });
    let trace = Trace::new();
    for path in ["/ended", "/ordinary"] {
        let response = server.send_raw(&server.head_in(trace, "GET", path, ""));
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }
    let spans = trace.spans(2);
    assert_eq!(spans.len(), 2, "one each");
    let ended = spans.iter().find(|span| span.name == "GET").unwrap();
    assert!(attribute(ended, "app.before").is_some());
    for later in ["app.after", "http.route", "http.response.status_code"] {
        assert_eq!(attribute(ended, later), None, "{later}");
    }
}

#[test]
fn what_is_said_when_the_request_is_over_is_said_to_nobody() {
    static KEPT: Mutex<Vec<Context>> = Mutex::new(Vec::new());
    async fn handler() -> HttpResponse {
        KEPT.lock().unwrap().push(Context::current());
        say("app.in_time", true);
        HttpResponse::Ok().finish()
    }
    let server = serve!(|| App::new().route("/", web::get().to(handler)));
    for round in 0..30 {
        let (_, span) = server.get("/");
        assert!(attribute(&span, "app.in_time").is_some());
        assert_eq!(attribute(&span, "app.late"), None, "{round}");
        // Some are dropped at once, others later: memory that is used again belongs to another request.
        let mut kept = KEPT.lock().unwrap();
        for context in kept.iter() {
            assert!(!context.span().is_recording());
            context.span().set_attribute(KeyValue::new("app.late", true));
        }
        let keep = kept.len() - kept.len() % 4;
        kept.truncate(keep);
    }
}

#[test]
fn threads_that_speak_while_requests_end_are_heard_by_their_own() {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    static TALKING: Mutex<Vec<thread::JoinHandle<()>>> = Mutex::new(Vec::new());
    async fn handler() -> HttpResponse {
        let (context, number) = (Context::current(), NEXT.fetch_add(1, Ordering::Relaxed));
        say("app.number", number);
        TALKING.lock().unwrap().push(thread::spawn(move || {
            while context.span().is_recording() {
                context.span().set_attribute(KeyValue::new("app.heard", number));
                thread::yield_now();
            }
        }));
        HttpResponse::Ok().finish()
    }
    let server = serve!(|| App::new().route("/", web::get().to(handler)));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let (_, span) = server.get("/");
                    let heard = span.attributes.iter().filter(|kv| kv.key.as_str() == "app.heard");
                    let number = last(&span, "app.number").cloned();
                    assert!(number.is_some() && heard.map(|kv| Some(&kv.value)).all(|heard| heard == number.as_ref()));
                }
            });
        }
    });
    let talking = std::mem::take(&mut *TALKING.lock().unwrap());
    assert_eq!(talking.len(), 200);
    for thread in talking {
        thread.join().unwrap();
    }
}

#[test]
fn what_an_application_says_of_a_failure_is_not_replaced_by_nothing() {
    async fn handler() -> HttpResponse {
        otel_actix::span().set_status(Status::error("no database"));
        HttpResponse::InternalServerError().finish()
    }
    let server = serve!(|| App::new().route("/", web::to(handler)));
    let (_, span) = server.get("/");
    assert_eq!(span.status, Status::error("no database"));
    assert_eq!(attribute(&span, "error.type"), Some(&Value::from("500")));
}

/// The description of the failure itself counts, as the last one that is set. The SDK's provider keeps the description that
/// is last in the alphabet, against the specification, and the API can neither read nor replace it. The failure's own
/// message is on the span in any case.
#[test]
fn a_failure_with_a_message_after_an_error_of_the_application() {
    async fn handler(description: web::Path<String>) -> actix_web::Result<HttpResponse> {
        otel_actix::span().set_status(Status::error(description.into_inner()));
        Err(actix_web::error::ErrorInternalServerError("boom"))
    }
    let is_sdk = std::env::var_os("TEST_WITH_SDK_PROVIDER").is_some();
    let server = serve!(|| App::new().route("/{description}", web::to(handler)));
    for (description, with_sdk) in [("a", "boom"), ("no-database", "no-database")] {
        let (_, span) = server.get(&format!("/{description}"));
        assert_eq!(span.status, Status::error(if is_sdk { with_sdk } else { "boom" }));
        assert_eq!(attribute(&span, "error.type"), Some(&Value::from("500")));
        let [exception] = span.events.events.as_slice() else { panic!("{span:?}") };
        assert_eq!(exception.attributes, [opentelemetry::KeyValue::new("exception.message", "boom")]);
    }
}

#[test]
fn what_comes_after_the_answer_counts_more_also_when_there_is_room_for_no_more() {
    async fn handler() -> HttpResponse {
        for number in 0..20 {
            say("app.number", number);
        }
        let chunk = stream::once(async {
            say("http.route", "body");
            for number in 0..200 {
                say(format!("app.{number}").leak(), number);
            }
            Ok::<_, std::convert::Infallible>(Bytes::from_static(b"chunk"))
        });
        HttpResponse::Ok().streaming(Box::pin(chunk))
    }
    let server = serve!(|| App::new().route("/", web::get().to(handler)));
    let (_, span) = server.get("/");
    assert_eq!(last(&span, "app.number"), Some(&Value::I64(19)));
    assert_eq!(last(&span, "http.route"), Some(&Value::from("body")));
    assert!(span.dropped_attributes_count > 0);
}
