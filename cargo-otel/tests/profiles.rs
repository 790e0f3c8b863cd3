//! Profiles that link the runtime in other ways: link-time optimisation, `panic = "abort"`, `strip`.
//!
//! Compiles actix-web: run with `--ignored`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::server::Server;
use fixture::{Project, manifest, succeed};

const DEPENDENCIES: &str = r#"
actix-web = { version = "4", default-features = false, features = ["macros"] }
opentelemetry = "0.33"

[profile.release]
lto = "fat"
panic = "abort"
strip = true
# The test is about linking. Nothing else has to take long.
opt-level = 0
"#;

const MAIN: &str = r#"
use actix_web::{App, HttpServer, get};
use opentelemetry::trace::{Span as _, Tracer as _};

#[get("/work")]
async fn work() -> &'static str {
    opentelemetry::global::tracer("shop").start("own work").end();
    "done"
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().service(work)).workers(1).bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}
"#;

#[test]
#[ignore = "compiles actix-web"]
fn a_program_of_one_piece_has_spans() {
    let files = [("Cargo.toml", &*manifest("app", DEPENDENCIES)), ("src/main.rs", MAIN)];
    let project = Project::online("profiles", &files);
    succeed(project.otel(&["--strict", "build", "--release"]).env("CARGO_NET_OFFLINE", "false"));
    let server = Server::start(&project.folder.join("target/otel/release/app"), &[], &[]);
    assert_eq!(server.get("/work"), 200);
    let spans = server.stop().spans();
    let names: Vec<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["own work", "GET /work"]);
    assert_eq!(spans[0]["parent_id"], spans[1]["context"]["span_id"]);
}
