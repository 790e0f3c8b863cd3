//! Responses that middlewares inside and outside the layer change.

use super::gate::Gate;
use crate::support::observed::Observed;
use crate::support::{serve, serve_plain};
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{ErrorHandlerResponse, ErrorHandlers};
use actix_web::{App, HttpResponse, error, web};
use opentelemetry::trace::Status;
use otel_actix::HttpTelemetry;
use std::time::Duration;

/// Answers with another status and body.
#[allow(clippy::unnecessary_wraps, reason = "the signature of an error handler")]
fn answer<B>(response: ServiceResponse<B>, status: StatusCode) -> actix_web::Result<ErrorHandlerResponse<B>> {
    let (request, response) = response.into_parts();
    let body = HttpResponse::build(status).body("rewritten");
    drop(response);
    Ok(ErrorHandlerResponse::Response(ServiceResponse::new(request, body).map_into_right_body()))
}

#[test]
fn error_handlers_have_the_last_word() {
    let server = serve!(|| {
        App::new()
            .wrap(
                ErrorHandlers::new()
                    .handler(StatusCode::INTERNAL_SERVER_ERROR, |response| answer(response, StatusCode::IM_A_TEAPOT))
                    .handler(StatusCode::NOT_FOUND, |response| answer(response, StatusCode::BAD_GATEWAY)),
            )
            .route(
                "/rewritten",
                web::to(|| async { Err::<HttpResponse, _>(error::ErrorInternalServerError("hidden")) }),
            )
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/rewritten");
    assert!(response.starts_with("HTTP/1.1 418") && response.ends_with("rewritten"), "{response}");
    let span = observed.ended(Some(418), None);
    assert_eq!(span.name, format!("{} /rewritten", observed.method));
    assert!(span.events.is_empty(), "what was hidden from the client was no failure of the server: {:?}", span.events);

    let observed = Observed::new();
    let response = observed.send(&server, "/nowhere");
    assert!(response.starts_with("HTTP/1.1 502") && response.ends_with("rewritten"), "{response}");
    let span = observed.ended(Some(502), Some("502"));
    assert_eq!(span.name, observed.method);
}

#[test]
fn an_error_handler_that_keeps_the_error_keeps_its_message() {
    let server = serve!(|| {
        App::new()
            .wrap(ErrorHandlers::new().handler(
                StatusCode::INTERNAL_SERVER_ERROR,
                |mut response: ServiceResponse<_>| {
                    *response.response_mut().status_mut() = StatusCode::SERVICE_UNAVAILABLE;
                    Ok(ErrorHandlerResponse::Response(response.map_into_left_body()))
                },
            ))
            .default_service(web::to(|| async {
                Err::<HttpResponse, _>(error::ErrorInternalServerError("no database"))
            }))
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/");
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    let span = observed.ended(Some(503), Some("503"));
    assert_eq!(span.status, Status::error("no database"));
    assert_eq!(span.events.len(), 1);
}

#[test]
fn a_time_out_outside_the_layer_drops_the_request() {
    let gate = Gate::new();
    let handler = gate.clone();
    let server = serve_plain!(move || {
        let gate = handler.clone();
        App::new().default_service(web::to(move || gate.clone().handle())).wrap(HttpTelemetry::new()).wrap_fn(
            |request, service| {
                let response = service.call(request);
                async move {
                    let in_time = actix_web::rt::time::timeout(Duration::from_millis(50), response).await;
                    in_time.unwrap_or_else(|_| Err(error::ErrorServiceUnavailable("too slow")))
                }
            },
        )
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/");
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
    let span = observed.ended(None, Some("cancelled"));
    assert!(span.end_time.duration_since(span.start_time).unwrap() >= Duration::from_millis(40));
}

#[test]
fn a_time_out_inside_the_layer_is_an_answer() {
    let server = serve!(|| {
        App::new()
            .wrap_fn(|request, service| {
                let response = service.call(request);
                async move {
                    let in_time = actix_web::rt::time::timeout(Duration::from_millis(20), response).await;
                    in_time.unwrap_or_else(|_| {
                        let answer = HttpResponse::GatewayTimeout().body("too slow");
                        Err(error::InternalError::from_response("too slow", answer).into())
                    })
                }
            })
            .route("/slow", web::to(std::future::pending::<HttpResponse>))
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/slow");
    assert!(response.starts_with("HTTP/1.1 504"), "{response}");
    let span = observed.ended(Some(504), Some("504"));
    assert_eq!(span.status, Status::error("too slow"));
}

#[test]
fn a_layer_that_answers_itself_is_seen() {
    let server = serve!(|| {
        App::new()
            .wrap(actix_web::middleware::from_fn(
                |request: actix_web::dev::ServiceRequest, _: actix_web::middleware::Next<_>| async move {
                    let refused = HttpResponse::Unauthorized().body("who are you?");
                    let never: Result<ServiceResponse<actix_web::body::BoxBody>, actix_web::Error> =
                        Ok(request.into_response(refused));
                    never
                },
            ))
            .route("/guarded", web::to(HttpResponse::Ok))
    });
    let observed = Observed::new();
    let response = observed.send(&server, "/guarded");
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    let span = observed.ended(Some(401), None);
    assert_eq!(span.name, format!("{} /guarded", observed.method), "the one route that the path leads to");
}

#[test]
fn an_error_that_cannot_be_displayed_is_answered() {
    #[derive(Debug)]
    struct Mute;

    impl std::fmt::Display for Mute {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("no more th")?;
            Err(std::fmt::Error)
        }
    }

    impl error::ResponseError for Mute {
        fn error_response(&self) -> HttpResponse {
            HttpResponse::InternalServerError().body("mute")
        }
    }

    let server = serve!(|| {
        App::new()
            .route("/handler", web::to(|| async { Err::<HttpResponse, _>(Mute) }))
            .route("/middleware", web::to(HttpResponse::Ok))
            .wrap_fn(|request, service| {
                let is_refused = request.path() == "/middleware";
                let answer = service.call(request);
                async move { if is_refused { Err(Mute.into()) } else { answer.await } }
            })
    });
    for path in ["/handler", "/middleware"] {
        let observed = Observed::new();
        let response = observed.send(&server, path);
        assert!(response.starts_with("HTTP/1.1 500") && response.ends_with("mute"), "{path}: {response}");
        assert_eq!(
            observed.ended(Some(500), Some("500")).status,
            Status::error("not available: `Display` returned an error")
        );
    }
}

#[test]
fn the_service_inside_is_called_when_the_layer_is() {
    let (calls, called) = std::sync::mpsc::channel();
    let server = serve_plain!(move || {
        let (inside, outside) = (calls.clone(), calls.clone());
        App::new()
            .route("/", web::to(HttpResponse::Ok))
            .wrap_fn(move |request, service| {
                inside.send("inside").unwrap();
                service.call(request)
            })
            .wrap(HttpTelemetry::new())
            .wrap_fn(move |request, service| {
                // The values that it holds meanwhile, a lock or a guard, hold for the inner service.
                let answer = service.call(request);
                outside.send("outside").unwrap();
                answer
            })
    });
    let observed = Observed::new();
    assert!(observed.send(&server, "/").starts_with("HTTP/1.1 200"));
    assert_eq!(called.iter().take(2).collect::<Vec<_>>(), ["inside", "outside"]);
}
