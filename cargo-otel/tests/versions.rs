//! The recipes fit the released versions of their crates.
//!
//! Needs the registry: run with `--ignored`.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use std::fs;

use fixture::server::Server;
use fixture::{Project, manifest, succeed, text};

/// Plans an application of each version. That weaves the crate, but does not compile it.
fn weave_each(name: &str, versions: &[&str]) {
    for version in versions {
        let dependencies = format!("{name} = {{ version = \"={version}\", default-features = false }}");
        let files = [("Cargo.toml", &*manifest("app", &dependencies)), ("src/main.rs", "fn main() {}\n")];
        let project = Project::online(&format!("{name}-{version}"), &files);
        // Downloads the crates that `plan` reads.
        succeed(project.cargo(&["fetch"]).env("CARGO_NET_OFFLINE", "false"));
        let plan = text(&succeed(&mut project.otel(&["plan"])).stdout);
        assert!(plan.contains(&format!("{name} {version}\n")) && !plan.contains("left alone"), "{plan}");
    }
}

#[test]
#[ignore = "needs the registry"]
fn actix_web() {
    let versions = [
        "4.0.0", "4.0.1", "4.1.0", "4.2.1", "4.3.0", "4.3.1", "4.4.0", "4.4.1", "4.5.0", "4.5.1", "4.6.0", "4.7.0",
        "4.8.0", "4.9.0", "4.10.0", "4.10.2", "4.11.0", "4.12.0", "4.12.1", "4.13.0", "4.14.0", "4.15.0", "4.18.1",
    ];
    weave_each("actix-web", &versions);
}

#[test]
#[ignore = "needs the registry"]
fn tracing_subscriber() {
    weave_each(
        "tracing-subscriber",
        &["0.3.0", "0.3.5", "0.3.11", "0.3.16", "0.3.18", "0.3.19", "0.3.20", "0.3.22", "0.3.23"],
    );
}

#[test]
#[ignore = "needs the registry"]
fn tokio() {
    weave_each(
        "tokio",
        &["1.38.0", "1.40.0", "1.41.0", "1.42.0", "1.44.2", "1.46.1", "1.48.0", "1.50.0", "1.52.1", "1.54.1"],
    );
}

#[test]
#[ignore = "needs the registry"]
fn awc() {
    weave_each(
        "awc",
        &["3.0.0", "3.0.1", "3.1.1", "3.2.0", "3.3.0", "3.4.0", "3.5.1", "3.6.0", "3.7.0", "3.8.2", "3.11.0"],
    );
}

#[test]
#[ignore = "needs the registry"]
fn reqwest() {
    weave_each(
        "reqwest",
        &[
            "0.12.0", "0.12.4", "0.12.7", "0.12.9", "0.12.12", "0.12.15", "0.12.20", "0.12.23", "0.12.28", "0.13.1",
            "0.13.5",
        ],
    );
}

#[test]
#[ignore = "needs the registry"]
fn sqlx_core() {
    weave_each("sqlx-core", &["0.8.0", "0.8.1", "0.8.2", "0.8.3", "0.8.6", "0.9.0"]);
}

/// A program that compiles with every version.
const MAIN: &str = r#"
use actix_web::{App, Error, HttpResponse, HttpServer, error, web};

async fn user(id: web::Path<u32>) -> String {
    format!("user {id}")
}

async fn fail() -> Result<HttpResponse, Error> {
    Err(error::ErrorInternalServerError("no stock"))
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| {
        App::new()
            .route("/users/{id}", web::get().to(user))
            .route("/fail", web::get().to(fail))
            .route("/excluded/{id}", web::get().to(|| async { "" }))
    })
    .workers(1)
    .bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}
"#;

#[cfg(unix)]
#[test]
#[ignore = "needs the registry, and builds actix-web seven times"]
fn each_version_serves() {
    let dependency = |version: &str| {
        manifest(
            "app",
            &format!("actix-web = {{ version = \"={version}\", default-features = false, features = [\"macros\"] }}"),
        )
    };
    let project = Project::online("serves", &[("Cargo.toml", &*dependency("4.18.1")), ("src/main.rs", MAIN)]);
    for version in ["4.0.1", "4.2.1", "4.4.1", "4.9.0", "4.12.1", "4.15.0", "4.18.1"] {
        fs::write(project.folder.join("Cargo.toml"), dependency(version)).unwrap();
        succeed(project.otel(&["--strict", "build"]).env("CARGO_NET_OFFLINE", "false"));
        let program = project.folder.join("target/otel/debug/app");
        let server = Server::start(&program, &[], &[("OTEL_RUST_EXCLUDED_ROUTES", "/excluded/{id}")]);
        let statuses = ["/users/7", "/fail", "/users/none", "/missing", "/excluded/1"].map(|target| server.get(target));
        assert_eq!(statuses, [200, 500, 404, 404, 200], "{version}");
        let spans = server.stop().spans();
        let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["GET /users/{id}", "GET /fail", "GET /users/{id}", "GET"], "{version}");
        let statuses: Vec<u64> =
            spans.iter().map(|span| span["attributes"]["http.response.status_code"].as_u64().unwrap()).collect();
        assert_eq!(statuses, [200, 500, 404, 404], "{version}");
        assert_eq!(spans[1]["status"]["status_code"], "ERROR", "{version}");
    }
}
