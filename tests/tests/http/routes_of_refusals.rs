//! Requests that a middleware of a scope or of the app answers before they reach their resource.

use super::support::{TestServer, metrics, serve, text};
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpResponse, error, guard, web};

async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Refuses a request with the status that the query names: by a response, or by an error after `error-`. Lets other
/// requests through.
async fn refuse<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let status = |text: &str| text.parse().ok().and_then(|status| StatusCode::from_u16(status).ok());
    let query = request.query_string();
    if let Some(status) = query.strip_prefix("error-").and_then(status) {
        return Err(error::InternalError::new("refused", status).into());
    }
    match status(query) {
        Some(status) => {
            let response = HttpResponse::build(status).body("refused");
            Ok(request.into_response(response).map_into_right_body())
        }
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}

fn route(server: &TestServer, method: &str, target: &str) -> Option<String> {
    let (response, span) = server.request(method, target, "");
    let status = target.split_once('?').map_or("", |(_, status)| status.trim_start_matches("error-"));
    assert!(response.contains(status), "{response}");
    let route = text(&span, "http.route");
    let name = route.as_ref().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    assert_eq!(span.name, name, "{target}");
    route
}

#[test]
fn a_refusal_counts_for_the_route_that_was_asked_for() {
    let server = serve!(|| {
        App::new()
            .service(
                web::scope("/admin")
                    .wrap(from_fn(refuse))
                    .route("/dashboard", web::get().to(ok))
                    .service(web::resource("/users/{id}").route(web::get().to(ok)))
                    .service(web::scope("/{tenant}/inner").route("", web::get().to(ok))),
            )
            .service(web::resource("/single").wrap(from_fn(refuse)).route(web::get().to(ok)))
    });
    for status in ["303", "401", "403", "429", "503", "error-401", "error-429", "error-500"] {
        for (path, expected) in [
            ("/admin/dashboard", "/admin/dashboard"),
            ("/admin/users/7", "/admin/users/{id}"),
            ("/admin/acme/inner", "/admin/{tenant}/inner"),
            ("/single", "/single"),
        ] {
            assert_eq!(route(&server, "GET", &format!("{path}?{status}")).as_deref(), Some(expected), "{status}");
        }
        assert_eq!(route(&server, "GET", &format!("/admin/nowhere?{status}")), None, "no resource has this path");
    }
    let points = metrics::wait_for_durations_of("/admin/dashboard");
    assert_eq!(points.len(), 6, "one series for each status");
}

#[test]
fn a_refusal_of_the_whole_app_counts_as_well() {
    let server = serve!(|| App::new()
        .wrap(from_fn(refuse))
        .route("/orders/{id}", web::get().to(ok))
        .route("/x", web::get().to(ok)));
    for status in ["401", "500", "error-401", "error-500"] {
        assert_eq!(route(&server, "GET", &format!("/orders/7?{status}")).as_deref(), Some("/orders/{id}"));
        assert_eq!(route(&server, "GET", &format!("/nowhere?{status}")), None);
    }
}

#[test]
fn a_path_that_leads_to_several_routes_has_none() {
    let server = serve!(|| {
        App::new().service(
            web::scope("")
                .wrap(from_fn(refuse))
                .service(web::resource("/users/{id}").guard(guard::Header("x-kind", "id")).to(ok))
                .service(web::resource("/users/{name}").to(ok))
                .service(web::scope("/files").route("/{tail}*", web::get().to(ok)))
                .service(web::resource("/files/{name}").to(ok))
                .route("/both", web::get().to(ok))
                .route("/both", web::put().to(ok)),
        )
    });
    assert_eq!(route(&server, "GET", "/users/7?401"), None);
    assert_eq!(route(&server, "GET", "/users/7").as_deref(), Some("/users/{name}"), "routed, so no guess");
    assert_eq!(route(&server, "GET", "/both?401").as_deref(), Some("/both"), "two routes of one pattern");
}

#[test]
fn what_a_router_answers_where_nothing_fits_is_no_refusal() {
    let server =
        serve!(|| {
            App::new()
                .route("/only-get", web::get().to(ok))
                .service(web::scope("/api").route("/only-get", web::get().to(ok)).default_service(web::to(|| async {
                    HttpResponse::MethodNotAllowed().body("405, says the scope")
                })))
                .default_service(web::to(|| async { HttpResponse::NotFound().body("404, says the app") }))
        });
    for (path, status) in [("/only-get", "404"), ("/api/only-get", "405")] {
        let (response, span) = server.request("POST", path, "Content-Length: 0\r\n");
        assert!(response.contains(status), "{response}");
        assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("POST", None), "{path}");
    }
}
