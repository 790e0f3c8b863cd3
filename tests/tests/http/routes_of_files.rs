//! Routes of `actix-files`, a service for everything below its prefix.

use super::support::{TestServer, serve, text};
use actix_files::Files;
use actix_web::{App, guard, web};
use std::path::PathBuf;
use std::sync::LazyLock;

static DIRECTORY: LazyLock<PathBuf> = LazyLock::new(|| {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("routes_of_files");
    std::fs::create_dir_all(directory.join("css")).unwrap();
    std::fs::write(directory.join("index.html"), "the index").unwrap();
    std::fs::write(directory.join("css/site.css"), "a { color: red }").unwrap();
    directory
});

fn files(mount: &str) -> Files {
    Files::new(mount, DIRECTORY.as_path()).index_file("index.html")
}

/// Status of the response, name and route of the span.
fn seen(server: &TestServer, method: &str, path: &str) -> (String, String, Option<String>) {
    let (response, span) = server.request(method, path, "");
    (response[9..12].to_owned(), span.name.to_string(), text(&span, "http.route"))
}

fn answer(status: &str, name: &str, route: Option<&str>) -> (String, String, Option<String>) {
    (status.to_owned(), name.to_owned(), route.map(str::to_owned))
}

#[test]
fn files_below_a_prefix_have_the_prefix_as_their_route() {
    let server = serve!(|| App::new().service(files("/static")));
    for path in ["/static/css/site.css", "/static/index.html", "/static/"] {
        assert_eq!(seen(&server, "GET", path), answer("200", "GET /static", Some("/static")), "{path}");
    }
    // The service was found, the file was not.
    assert_eq!(seen(&server, "GET", "/static/nope.css"), answer("404", "GET /static", Some("/static")));
    assert_eq!(seen(&server, "GET", "/statically"), answer("404", "GET", None));
}

#[test]
fn files_below_a_prefix_in_a_scope() {
    let server = serve!(|| App::new().service(web::scope("/{tenant}").service(files("/static"))));
    let route = "/{tenant}/static";
    assert_eq!(seen(&server, "GET", "/a/static/css/site.css"), answer("200", &format!("GET {route}"), Some(route)));
    assert_eq!(seen(&server, "GET", "/a/css/site.css"), answer("404", "GET", None));
}

#[test]
fn files_that_a_guard_refuses_have_no_route() {
    let server = serve!(|| {
        App::new().service(web::scope("/api").service(files("/static").guard(guard::Header("x-open", "sesame"))))
    });
    assert_eq!(seen(&server, "GET", "/api/static/css/site.css"), answer("404", "GET", None));
}

#[test]
fn files_at_the_root_say_nothing_about_the_route() {
    let server = serve!(|| App::new().route("/api", web::get().to(|| async { "api" })).service(files("/")));
    for (path, status) in [("/", "200"), ("/css/site.css", "200"), ("/nope.css", "404")] {
        assert_eq!(seen(&server, "GET", path), answer(status, "GET", None), "{path}");
    }
    assert_eq!(seen(&server, "GET", "/api"), answer("200", "GET /api", Some("/api")));
}

#[test]
fn the_span_of_a_file_lasts_until_its_last_byte() {
    let server = serve!(|| App::new().service(files("/static")));
    let observed = super::support::observed::Observed::new();
    let (address, traceparent) = (server.address, observed.trace.traceparent());
    let response = server.send_raw(&format!(
        "GET /static/css/site.css HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\ntraceparent: {traceparent}\r\nRange: bytes=0-0\r\n\r\n"
    ));
    assert!(response.starts_with("HTTP/1.1 206") && response.ends_with("\r\n\r\na"), "{response}");
    let span = observed.trace.server_span();
    assert_eq!((text(&span, "http.response.status_code").as_deref(), text(&span, "error.type")), (Some("206"), None));
}
