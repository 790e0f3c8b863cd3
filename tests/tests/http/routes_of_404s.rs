//! A handler that answers 404 keeps its route; the 404 of a router without a match has none.

use super::support::{TestServer, metrics, serve, text};
use actix_web::{App, HttpResponse, get, guard, web};

async fn not_found() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

#[get("/404/me")]
async fn me() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

/// Sends a request that is answered with 404. Returns the route, on which span and name must agree.
fn route(server: &TestServer, method: &str, path: &str) -> Option<String> {
    let (response, span) = server.request(method, path, "");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    let route = text(&span, "http.route");
    let name = route.as_ref().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    assert_eq!(span.name, name);
    route
}

#[test]
fn handlers_that_answer_404_have_their_route() {
    let server = serve!(|| {
        App::new()
            .service(me)
            .route("/404/plain", web::get().to(not_found))
            .service(web::resource("/404/resource").to(not_found))
            .route("/404/json", web::get().to(|| async { HttpResponse::NotFound().json([1]) }))
            .route("/404/users/{id}", web::get().to(not_found))
            .service(
                web::scope("/404/scope")
                    .route("/plain", web::get().to(not_found))
                    .service(web::scope("/inner").route("/deep", web::get().to(not_found))),
            )
    });
    for path in ["me", "plain", "resource", "json", "scope/plain", "scope/inner/deep"] {
        let path = format!("/404/{path}");
        assert_eq!(route(&server, "GET", &path), Some(path.clone()));
        assert_eq!(metrics::wait_for_durations_of(&path).len(), 1, "{path} on the metric");
    }
    assert_eq!(route(&server, "GET", "/404/users/7").as_deref(), Some("/404/users/{id}"));
    assert_eq!(route(&server, "GET", "/404/scope"), None, "a scope is no route");
    assert_eq!(route(&server, "GET", "/404"), None);
}

#[test]
fn handlers_beside_scopes_that_answer_404_have_their_route() {
    let server = serve!(|| {
        App::new()
            .route("/list", web::get().to(not_found))
            .route("/list/{id}", web::get().to(not_found))
            .service(web::scope("/other").route("/list", web::get().to(not_found)))
            .service(web::scope("/list/x").guard(guard::Header("x", "y")).route("", web::get().to(not_found)))
    });
    for path in ["/list", "/other/list"] {
        assert_eq!(route(&server, "GET", path).as_deref(), Some(path));
    }
}
