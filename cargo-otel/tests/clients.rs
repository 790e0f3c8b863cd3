//! Outgoing calls of an application: their spans are part of the trace, once each.
//!
//! Compiles actix-web and client libraries: run with `--ignored`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::server::Server;
use fixture::{Project, manifest, succeed};
use serde_json::Value;

const DEPENDENCIES: &str = r#"
actix-web = { version = "4", default-features = false, features = ["macros"] }
awc = { version = "3", default-features = false }
opentelemetry = "0.33"
reqwest_0_12 = { package = "reqwest", version = "0.12", default-features = false, features = ["blocking"] }
reqwest_0_13 = { package = "reqwest", version = "0.13", default-features = false, features = ["blocking"] }
sqlx = { version = "0.8", default-features = false, features = ["postgres", "runtime-tokio"] }
"#;

const MAIN: &str = r#"
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, get, http::header, web};

#[get("/peer")]
async fn peer() -> &'static str {
    "peer"
}

#[get("/moved")]
async fn moved() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/peer")).finish()
}

fn url(request: &HttpRequest, target: &str) -> String {
    format!("http://{}{target}", request.app_config().local_addr())
}

#[get("/reqwest")]
async fn reqwest(request: HttpRequest) -> String {
    let first = reqwest_0_12::get(url(&request, "/peer")).await.unwrap().text().await.unwrap();
    // The future borrows nothing, and can be moved while it is polled.
    let mut second = reqwest_0_13::Client::new().get(url(&request, "/peer")).send();
    let second = (&mut second).await.unwrap().text().await.unwrap();
    first + &second
}

#[get("/blocking")]
async fn blocking(request: HttpRequest) -> String {
    let url = url(&request, "/peer");
    let get = move || {
        let first = reqwest_0_12::blocking::get(&url).unwrap().text().unwrap();
        first + &reqwest_0_13::blocking::get(&url).unwrap().text().unwrap()
    };
    web::block(get).await.unwrap()
}

/// The URL of a server whose response comes in small pieces, for seconds.
fn slow_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n";
        let _ = stream.read(&mut [0; 1024]);
        let pieces = std::iter::once(&head[..]).chain(std::iter::repeat_n(&b"."[..], 200));
        for piece in pieces {
            if stream.write_all(piece).is_err() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    });
    url
}

#[get("/slow")]
async fn slow() -> String {
    let get = || {
        let client = reqwest_0_12::blocking::Client::builder().timeout(Duration::from_millis(500)).build().unwrap();
        let first = client.get(slow_url()).send().unwrap().text().unwrap_err();
        let client = reqwest_0_13::blocking::Client::builder().timeout(Duration::from_millis(500)).build().unwrap();
        let second = client.get(slow_url()).send().unwrap().bytes().unwrap_err();
        assert!(first.is_timeout() && second.is_timeout(), "{first:?} {second:?}");
        format!("{first} {second}")
    };
    web::block(get).await.unwrap()
}

/// The URL of a server that never answers.
fn silent_url() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::mem::forget(listener);
    url
}

#[get("/late")]
async fn late() -> String {
    let limit = Duration::from_millis(300);
    let client = awc::Client::builder().timeout(limit).finish();
    let of_client = client.get(silent_url()).send().await.map(drop).unwrap_err();
    let of_request = awc::Client::new().get(silent_url()).timeout(limit).send().await.map(drop).unwrap_err();
    let of_web_socket = client.ws(silent_url()).connect().await.map(drop).unwrap_err();
    let response = awc::Client::new().get(slow_url()).send().await.unwrap();
    let of_body = response.timeout(limit).body().await.unwrap_err();
    // Dropped by the application.
    assert!(actix_web::rt::time::timeout(limit, client.get(slow_url()).send()).await.is_ok());
    format!("{of_client} {of_request} {of_web_socket} {of_body}")
}

#[get("/awc")]
async fn redirected(request: HttpRequest) -> String {
    let mut response = awc::Client::new().get(url(&request, "/moved")).send().await.unwrap();
    String::from_utf8(response.body().await.unwrap().to_vec()).unwrap()
}

#[get("/refused")]
async fn refused() -> String {
    let refused = reqwest_0_12::get("http://127.0.0.1:1/").await.unwrap_err().is_connect();
    let awc = awc::Client::new().get("http://127.0.0.1:1/").send().await.is_err();
    // A pool tries again until its time-out.
    let pool = sqlx::postgres::PgPoolOptions::new().acquire_timeout(Duration::from_millis(200));
    let pool = pool.connect_lazy("postgres://me:secret@127.0.0.1:1/shop").unwrap();
    let sqlx = sqlx::query("SELECT name FROM items WHERE id = 7").fetch_all(&pool).await.is_err();
    format!("{refused} {awc} {sqlx}")
}

#[get("/suppressed")]
async fn suppressed(request: HttpRequest) -> String {
    // The span of a request starts when it is sent, not when its future is polled.
    let get = {
        let _suppressed = opentelemetry::Context::enter_telemetry_suppressed_scope();
        reqwest_0_12::Client::new().get(url(&request, "/peer")).send()
    };
    get.await.unwrap().text().await.unwrap()
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let app = || {
        let app = App::new().service(peer).service(moved).service(reqwest).service(blocking);
        app.service(slow).service(late).service(redirected).service(refused).service(suppressed)
    };
    // The peer of each call is this server.
    let server = HttpServer::new(app).workers(2).bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}
"#;

/// The spans of one request to a server with these variables, as a tree.
fn tree(program: &std::path::Path, target: &str, variables: &[(&str, &str)]) -> String {
    let server = Server::start(program, &[], variables);
    assert_eq!(server.get(target), 200, "{target}");
    let spans = server.stop().spans();
    let mut tree = String::new();
    let roots = spans.iter().filter(|span| span["parent_id"].as_str().is_none_or(str::is_empty));
    for root in roots {
        draw(&spans, root, 0, &mut tree);
    }
    tree
}

fn draw(spans: &[Value], span: &Value, depth: usize, tree: &mut String) {
    let attributes = &span["attributes"];
    let end = ["error.type", "http.response.status_code"].into_iter().find_map(|name| {
        let value = attributes.get(name)?;
        Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    });
    let kind = span["kind"].as_str().unwrap().trim_start_matches("SpanKind.");
    let line = format!("{}{kind} {} {}\n", "  ".repeat(depth), span["name"].as_str().unwrap(), end.unwrap_or_default());
    tree.push_str(&line);
    let mut children: Vec<&Value> =
        spans.iter().filter(|child| child["parent_id"] == span["context"]["span_id"]).collect();
    children.sort_by_key(|child| child["start_time"].as_str().unwrap());
    for child in children {
        draw(spans, child, depth + 1, tree);
    }
}

#[test]
#[ignore = "compiles actix-web and client libraries"]
fn calls_have_spans() {
    let project = Project::online("clients", &[("Cargo.toml", &*manifest("app", DEPENDENCIES)), ("src/main.rs", MAIN)]);
    check_calls(&project);
    // Old versions, some of them of an older edition.
    let old =
        DEPENDENCIES.replace("\"3\"", "\"=3.1.1\"").replace("\"0.12\"", "\"=0.12.9\"").replace("\"0.8\"", "\"=0.8.1\"");
    std::fs::write(project.folder.join("Cargo.toml"), manifest("app", &old)).unwrap();
    check_calls(&project);
}

fn check_calls(project: &Project) {
    succeed(project.otel(&["--strict", "build"]).env("CARGO_NET_OFFLINE", "false"));
    let program = project.folder.join("target/otel/debug/app");
    let two_calls = "  CLIENT GET 200\n    SERVER GET /peer 200\n  CLIENT GET 200\n    SERVER GET /peer 200\n";
    for target in ["/reqwest", "/blocking"] {
        assert_eq!(tree(&program, target, &[]), format!("SERVER GET {target} 200\n{two_calls}"));
    }
    // The client's time-out limits the whole body.
    let slow = "SERVER GET /slow 200\n  CLIENT GET timeout\n  CLIENT GET timeout\n";
    assert_eq!(tree(&program, "/slow", &[]), slow);
    let late = format!("SERVER GET /late 200\n{}  CLIENT GET 200\n", "  CLIENT GET timeout\n".repeat(4));
    assert_eq!(tree(&program, "/late", &[]), late);
    let redirected = "SERVER GET /awc 200\n  CLIENT GET 302\n    SERVER GET /moved 302\n  CLIENT GET 200\n    SERVER GET /peer 200\n";
    assert_eq!(tree(&program, "/awc", &[]), redirected);
    let refused = "SERVER GET /refused 200\n  CLIENT GET connection_refused\n  CLIENT GET connection_refused\n  \
                   CLIENT SELECT items pool_timeout\n";
    assert_eq!(tree(&program, "/refused", &[]), refused);
    // The trace goes on without a span of the call.
    assert_eq!(tree(&program, "/suppressed", &[]), "SERVER GET /suppressed 200\n  SERVER GET /peer 200\n");
    // A call that is not instrumented leaves its headers as they are.
    let disabled = tree(&program, "/reqwest", &[("OTEL_RUST_DISABLED_INSTRUMENTATIONS", "reqwest")]);
    assert_eq!(disabled, "SERVER GET /peer 200\nSERVER GET /peer 200\nSERVER GET /reqwest 200\n");
}
