//! Routes of scopes, of resources with several patterns, of redirects, and of normalised paths.

use super::support::{TestServer, serve, text};
use actix_web::middleware::{NormalizePath, TrailingSlash};
use actix_web::{App, HttpResponse, guard, web};

async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Status of the response, and route of the span, whose name has to agree.
fn seen(server: &TestServer, method: &str, path: &str) -> (u16, Option<String>) {
    let (response, span) = server.request(method, path, "");
    let route = text(&span, "http.route");
    let name = route.as_ref().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    assert_eq!(span.name, name, "{path}");
    (response[9..12].parse().unwrap(), route)
}

fn at(status: u16, route: &str) -> (u16, Option<String>) {
    (status, Some(route.to_owned()))
}

#[test]
fn scopes_of_one_prefix_are_told_apart_by_their_guards() {
    let server = serve!(|| {
        App::new()
            .service(
                web::scope("/api")
                    .guard(guard::Header("x-version", "2"))
                    .service(web::resource("/users/{id}").route(web::get().to(ok))),
            )
            .service(web::scope("/api").service(web::resource("/users/{name}").route(web::get().to(ok))))
    });
    let (_, span) = server.request("GET", "/api/users/7", "x-version: 2\r\n");
    assert_eq!(text(&span, "http.route").as_deref(), Some("/api/users/{id}"));
    assert_eq!(seen(&server, "GET", "/api/users/7"), at(200, "/api/users/{name}"));
    assert_eq!(seen(&server, "POST", "/api/users/7"), at(405, "/api/users/{name}"));
}

#[test]
fn a_wrong_method_is_404_on_a_route_and_405_on_a_resource() {
    let server = serve!(|| {
        App::new()
            .route("/route", web::get().to(ok))
            .service(web::resource("/resource").route(web::get().to(ok)))
            .service(web::scope("/scope").route("/route", web::get().to(ok)).service(
                web::resource("/resource").route(web::get().to(ok)).default_service(web::to(HttpResponse::Conflict)),
            ))
    });
    assert_eq!(seen(&server, "DELETE", "/route"), (404, None));
    assert_eq!(seen(&server, "DELETE", "/resource"), at(405, "/resource"));
    assert_eq!(seen(&server, "DELETE", "/scope/route"), (404, None));
    assert_eq!(seen(&server, "DELETE", "/scope/resource"), at(409, "/scope/resource"));
}

#[test]
fn a_refused_route_whose_parameters_share_a_name_breaks_nothing() {
    let server = serve!(|| {
        App::new().service(
            web::scope("/{id}").route("/items/{id}", web::get().to(ok)).service(
                web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}")
                    .route("/{k}/{l}/{m}/{n}/{o}/{p}/{q}", web::get().to(ok)),
            ),
        )
    });
    assert_eq!(seen(&server, "GET", "/7/items/8"), at(200, "/{id}/items/{id}"));
    assert_eq!(seen(&server, "POST", "/7/items/8"), (404, None));
    // More parameters than one pattern of actix-router may have.
    let long = "/0/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q";
    assert_eq!(seen(&server, "POST", long), (404, None));
    assert_eq!(seen(&server, "GET", long).0, 200);
}

/// Caches and preflight requests of CORS, for example.
#[test]
fn a_middleware_that_answers_itself_leaves_the_only_route_of_the_path() {
    let server = serve!(|| {
        let answering = actix_web::middleware::from_fn(
            |request: actix_web::dev::ServiceRequest, _: actix_web::middleware::Next<actix_web::body::BoxBody>| async {
                let status = request.headers().get("x-status").and_then(|status| status.to_str().ok()?.parse().ok());
                Ok(request.into_response(HttpResponse::build(status.unwrap()).finish()))
            },
        );
        App::new().service(
            web::scope("/api")
                .wrap(answering)
                .route("/users/{id}", web::get().to(ok))
                .route("/it/{id}", web::get().to(ok))
                .route("/it/{name}", web::post().to(ok)),
        )
    });
    let route = |status: u16, method: &str, path: &str| {
        let (response, span) = server.request(method, path, &format!("x-status: {status}\r\n"));
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{response}");
        text(&span, "http.route")
    };
    for status in [200, 204, 304, 401, 500] {
        for method in ["GET", "OPTIONS"] {
            assert_eq!(route(status, method, "/api/users/7").as_deref(), Some("/api/users/{id}"), "{status}");
        }
        assert_eq!(route(status, "GET", "/api/nowhere"), None, "{status}");
        // actix-web does not show which of them takes the method.
        assert_eq!(route(status, "GET", "/api/it/7"), None, "{status}");
    }
    // A router that finds nothing answers the same.
    for status in [404, 405] {
        assert_eq!(route(status, "GET", "/api/users/7"), None, "{status}");
    }
}

#[test]
fn a_refused_route_for_any_rest_of_a_path_is_no_route() {
    let server = serve!(|| {
        App::new()
            .service(web::scope("/tail").route("{tail}*", web::get().to(ok)))
            .service(web::scope("/regex").route("{rest:.*}", web::get().to(ok)))
    });
    for (scope, route) in [("/tail", "/tail/{tail}*"), ("/regex", "/regex/{rest:.*}")] {
        assert_eq!(seen(&server, "GET", &format!("{scope}/a/b")), at(200, route));
        assert_eq!(seen(&server, "POST", &format!("{scope}/a/b")), (404, None));
    }
}

#[test]
fn empty_patterns_add_nothing() {
    let server = serve!(|| {
        App::new()
            .service(
                web::scope("/api")
                    .route("", web::get().to(ok))
                    // Matches every path: nothing after it is reached.
                    .service(web::scope("").route("/in/{x}", web::get().to(ok))),
            )
            .service(web::scope("").route("/bare", web::get().to(ok)))
    });
    assert_eq!(seen(&server, "GET", "/api"), at(200, "/api"));
    assert_eq!(seen(&server, "GET", "/api/in/7"), at(200, "/api/in/{x}"));
    assert_eq!(seen(&server, "GET", "/bare"), at(200, "/bare"));
    assert_eq!(seen(&server, "GET", "/nope"), (404, None));
    assert_eq!(seen(&server, "GET", "/api/nope"), (404, None));
}

#[test]
fn a_resource_of_several_patterns_has_its_first_as_its_route() {
    let server = serve!(|| App::new().service(web::resource(["/users/{id}", "/people/{id}"]).route(web::get().to(ok))));
    assert_eq!(seen(&server, "GET", "/users/7"), at(200, "/users/{id}"));
    assert_eq!(seen(&server, "GET", "/people/7"), at(200, "/users/{id}"));
    assert_eq!(seen(&server, "GET", "/others/7"), (404, None));
}

#[test]
fn what_is_configured_elsewhere_is_a_route_like_any_other() {
    let server = serve!(|| {
        App::new().configure(|config| {
            config.service(web::scope("/api").configure(|config| {
                config.route("/users/{id}", web::get().to(ok));
            }));
        })
    });
    assert_eq!(seen(&server, "GET", "/api/users/7"), at(200, "/api/users/{id}"));
}

#[test]
fn a_redirect_is_a_route() {
    let server = serve!(|| {
        App::new()
            .service(web::redirect("/old/{id}", "/new"))
            .service(web::scope("/api").service(web::redirect("/v1", "/api/v2")))
    });
    assert_eq!(seen(&server, "GET", "/old/7"), at(307, "/old/{id}"));
    assert_eq!(seen(&server, "GET", "/api/v1"), at(307, "/api/v1"));
}

#[test]
fn every_way_to_normalise_a_path_finds_the_route() {
    for (slash, path, route) in [
        (TrailingSlash::Trim, "/r/7/", "/r/{id}"),
        (TrailingSlash::Trim, "//r///7", "/r/{id}"),
        (TrailingSlash::Always, "/slash/7", "/slash/{id}/"),
        (TrailingSlash::MergeOnly, "//r//7", "/r/{id}"),
        (TrailingSlash::MergeOnly, "/slash//7/", "/slash/{id}/"),
    ] {
        let server = serve!(move || {
            App::new()
                .wrap(NormalizePath::new(slash))
                .route("/r/{id}", web::get().to(ok))
                .route("/slash/{id}/", web::get().to(ok))
        });
        let (response, span) = server.get(path);
        assert!(response.starts_with("HTTP/1.1 200"), "{path}: {response}");
        assert_eq!(text(&span, "http.route").as_deref(), Some(route), "{path}");
        assert_eq!(text(&span, "url.path").as_deref(), Some(path), "as it was sent");
    }
}

#[test]
fn an_encoded_path_finds_its_route() {
    let server = serve!(|| {
        App::new().route("/r/{name}", web::get().to(ok)).service(web::scope("/ü").route("/{x}", web::get().to(ok)))
    });
    assert_eq!(seen(&server, "GET", "/r/a%20b%2Fc"), at(200, "/r/{name}"));
    let (_, span) = server.request("POST", "/%C3%BC/x", "Content-Length: 0\r\n");
    assert_eq!(text(&span, "http.route"), None);
}

#[test]
fn an_app_inside_map_config_keeps_its_routes() {
    let server = serve!(|| {
        let app = App::new()
            .service(web::scope("/api").service(web::resource("/users/{id}").route(web::get().to(ok))))
            .default_service(web::to(ok));
        actix_service::map_config(app, |config: actix_web::dev::AppConfig| config)
    });
    assert_eq!(seen(&server, "GET", "/api/users/7"), at(200, "/api/users/{id}"));
    assert_eq!(seen(&server, "POST", "/api/users/7"), at(405, "/api/users/{id}"));
    assert_eq!(seen(&server, "GET", "/nope"), (200, None));
    assert_eq!(seen(&server, "GET", "/api/nope"), (200, None));
}
