//! The route is that of the resource that served the request, never a guess.

use super::support::{serve, text};
use actix_web::dev::{AppService, HttpServiceFactory, ResourceDef, fn_service};
use actix_web::middleware::NormalizePath;
use actix_web::{App, HttpResponse, guard, web};

async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[test]
fn overlapping_resources_are_told_apart_by_their_guards() {
    let server = serve!(|| {
        App::new()
            .service(web::resource("/users/{id}").guard(guard::Header("x-kind", "id")).to(ok))
            .service(web::resource("/users/{name}").to(ok))
    });
    let (_, span) = server.request("GET", "/users/7", "x-kind: id\r\n");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/users/{id}"));
    let (_, span) = server.get("/users/7");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/users/{name}"));
    assert_eq!(span.name, "GET /users/{name}");
}

#[test]
fn a_route_that_its_guard_refused_is_no_route() {
    let server = serve!(|| App::new().route("/only-get", web::get().to(ok)));
    let (response, span) = server.request("POST", "/only-get", "Content-Length: 0\r\n");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("POST", None));
}

#[test]
fn a_guard_that_refuses_within_a_scope_leaves_no_route() {
    let server = serve!(|| App::new().service(web::scope("/api").route("/only-get", web::get().to(ok))));
    let (response, span) = server.request("POST", "/api/only-get", "Content-Length: 0\r\n");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("POST", None));
    let (_, span) = server.get("/api/nowhere");
    assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("GET", None));
}

#[test]
fn a_resource_without_a_route_for_the_method_is_still_the_route() {
    let server = serve!(|| App::new().service(web::resource("/r").route(web::get().to(ok))));
    let (response, span) = server.request("POST", "/r", "Content-Length: 0\r\n");
    assert!(response.starts_with("HTTP/1.1 405"), "{response}");
    assert_eq!(span.name, "POST /r");
}

#[test]
fn nested_scopes_are_joined() {
    let server = serve!(|| {
        App::new().service(
            web::scope("/api").service(web::scope("/v{version}").service(web::resource("/items/{tail}*").to(ok))),
        )
    });
    let (_, span) = server.get("/api/v1/items/a/b");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/api/v{version}/items/{tail}*"));
}

#[test]
fn default_services_are_no_route() {
    let server = serve!(|| {
        App::new()
            .service(web::scope("/api").default_service(web::to(ok)))
            .service(web::resource("/r").to(ok))
            .default_service(web::to(ok))
    });
    for path in ["/nope", "/api/nope"] {
        let (response, span) = server.get(path);
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("GET", None), "{path}");
    }
}

#[test]
fn a_normalised_path_finds_its_route_and_stays_recorded_as_sent() {
    let server = serve!(|| App::new().wrap(NormalizePath::trim()).route("/r/{id}", web::get().to(ok)));
    let (_, span) = server.get("/r/7/");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/r/{id}"));
    assert_eq!(text(&span, "url.path").as_deref(), Some("/r/7/"));
}

/// A service for everything below a prefix, registered as `actix-files` registers itself.
struct Prefix(&'static str);

impl HttpServiceFactory for Prefix {
    fn register(self, config: &mut AppService) {
        let definition = if config.is_root() { ResourceDef::root_prefix(self.0) } else { ResourceDef::prefix(self.0) };
        let service = fn_service(|request: actix_web::dev::ServiceRequest| async move {
            Ok(request.into_response(HttpResponse::Ok().finish()))
        });
        config.register_service(definition, None, service, None);
    }
}

#[test]
fn a_prefix_service_is_the_route_of_what_is_below_it() {
    let server = serve!(|| App::new().service(Prefix("/static")));
    let (_, span) = server.get("/static/css/site.css");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/static"));
    let (_, span) = server.get("/static");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/static"));
}

#[test]
fn a_prefix_service_at_the_root_says_nothing_about_the_route() {
    let server = serve!(|| App::new().service(Prefix("")));
    let (_, span) = server.get("/css/site.css");
    assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("GET", None));
}
