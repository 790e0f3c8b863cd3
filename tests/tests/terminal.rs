//! `OTEL_TRACES_EXPORTER=console` on a terminal and elsewhere: lines for people, or JSON for programs.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed assumption should fail the test")]

#[path = "../../otel-viewer/tests/support/mod.rs"]
mod support;

use std::fs::File;
use std::io::{Read, Write as _};
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpServer, get, web::Path};
use otel_actix::auto_instrument;
use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use serde_json::Value;
use support::{Running, http, wait_for};

#[get("/users/{id}")]
async fn user(id: Path<u32>) -> String {
    load(*id).await;
    render()
}

#[auto_instrument]
async fn load(id: u32) {
    query(id).await;
}

#[auto_instrument]
async fn query(_: u32) {}

#[auto_instrument]
fn render() -> String {
    "Ada".to_owned()
}

#[get("/fail")]
async fn fail() -> actix_web::Result<&'static str> {
    Err(actix_web::error::ErrorServiceUnavailable("the till is jammed"))
}

#[auto_instrument]
fn serve() -> std::io::Result<()> {
    let _telemetry = otel_actix::init();
    actix_web::rt::System::new().block_on(async {
        let server = HttpServer::new(|| App::new().service(user).service(fail)).workers(1).bind("127.0.0.1:0")?;
        writeln!(std::io::stderr(), "listening on {}", server.addrs()[0])?;
        server.run().await
    })
}

/// Not a test: the server that the tests start.
#[test]
#[ignore = "the server of the other tests"]
fn server() {
    serve().unwrap();
}

/// The server with its standard output. It ends with the test.
struct Server {
    _process: Running,
    address: SocketAddr,
    printed: Arc<Mutex<Vec<u8>>>,
}

impl Server {
    /// Starts the server on a terminal of its own.
    fn on_terminal(variables: &[(&str, &str)]) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let terminal = openpt(flags | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let program_side = ioctl_tiocgptpeer(&terminal, flags | OpenptFlags::CLOEXEC).unwrap();
        Self::start(variables, program_side, File::from(terminal))
    }

    /// Starts the server with a pipe.
    fn in_pipe(variables: &[(&str, &str)]) -> Self {
        let (reader, writer) = std::io::pipe().unwrap();
        Self::start(variables, OwnedFd::from(writer), reader)
    }

    fn start(variables: &[(&str, &str)], output: OwnedFd, mut input: impl Read + Send + 'static) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "server", "--ignored", "--nocapture"])
            .envs([("OTEL_TRACES_EXPORTER", "console"), ("OTEL_METRICS_EXPORTER", "none")])
            .env("OTEL_LOGS_EXPORTER", "none")
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied())
            .stdout(output)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let printed = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&printed);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // A terminal whose programs have ended fails to be read.
            while let Ok(count @ 1..) = input.read(&mut bytes) {
                kept.lock().unwrap().extend_from_slice(&bytes[..count]);
            }
        });
        let address = support::after("listening on ", process.stderr.take().unwrap());
        Self { _process: Running(process), address: address.parse().unwrap(), printed }
    }

    fn get(&self, path: &str) -> u16 {
        http::send(self.address, &format!("GET {path}"), &[("host", "localhost")], b"").status
    }

    /// What has been printed from the time of the first span on, once it contains `last`.
    fn printed(&self, first: &str, last: &str) -> String {
        wait_for(last, || {
            let printed = String::from_utf8_lossy(&self.printed.lock().unwrap()).replace("\r\n", "\n");
            let start = printed.lines().position(|line| line.contains(first))?;
            let lines: Vec<_> = printed.lines().skip(start).collect();
            lines.iter().any(|line| line.contains(last)).then(|| lines.join("\n"))
        })
    }
}

#[test]
fn people_on_a_terminal_read_one_line_for_each_request_with_its_spans_as_a_tree() {
    let server = Server::on_terminal(&[("NO_COLOR", "1")]);
    assert_eq!((server.get("/users/42"), server.get("/fail")), (200, 503));
    let printed = server.printed("GET /users/{id}", "! the till is jammed");
    assert!(!printed.contains('\x1b'), "no colours were wanted: {printed}");
    let lines: Vec<_> = printed.lines().collect();
    let [time, method, route, status, duration, unit, trace_id] =
        lines[0].split_whitespace().collect::<Vec<_>>().try_into().unwrap();
    assert_eq!((time.len(), &time[2..3], &time[8..9]), (12, ":", "."), "the time of day: {time}");
    assert_eq!((method, route, status, unit), ("GET", "/users/{id}", "200", "ms"));
    assert!(duration.parse::<f64>().is_ok_and(|milliseconds| milliseconds > 0.0), "{duration}");
    assert!(trace_id.len() == 32 && trace_id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{trace_id}");
    // The tree stands below the name of the request.
    for (line, expected) in lines[1..4].iter().zip(["├─ load ", "│  └─ query ", "└─ render "]) {
        assert!(line.strip_prefix("             ").is_some_and(|line| line.starts_with(expected)), "{line}");
    }
    assert!(lines[4].contains(" GET /fail 503 "), "{printed}");
}

#[test]
fn colours_show_the_outcome() {
    let server = Server::on_terminal(&[]);
    assert_eq!((server.get("/users/42"), server.get("/missing"), server.get("/fail")), (200, 404, 503));
    let printed = server.printed("/users/{id}", "the till is jammed");
    for outcome in ["\x1b[32m200 \x1b[0m", "\x1b[33m404 \x1b[0m", "\x1b[31m503 \x1b[0m"] {
        assert!(printed.contains(outcome), "{outcome:?}: {printed:?}");
    }
}

#[test]
fn programs_read_json() {
    let piped = Server::in_pipe(&[]);
    assert_eq!(piped.get("/users/42"), 200);
    let printed = piped.printed("{\"name\":", "\"GET /users/{id}\"");
    let names = printed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].take());
    assert_eq!(names.collect::<Vec<_>>(), ["query", "load", "render", "GET /users/{id}"]);

    let asked_for = Server::on_terminal(&[("OTEL_RUST_CONSOLE_FORMAT", "json")]);
    assert_eq!(asked_for.get("/users/42"), 200);
    let printed = asked_for.printed("{", "GET /users/{id}");
    wait_for("the end of the last object", || {
        let printed = asked_for.printed("{", "GET /users/{id}");
        let objects = serde_json::Deserializer::from_str(&printed).into_iter::<Value>();
        objects.map_while(Result::ok).any(|span| span["name"] == "GET /users/{id}").then_some(())
    });
    assert!(!printed.contains("└─"), "{printed}");
}

#[test]
fn lines_go_into_a_pipe_if_they_are_wanted_there() {
    let server = Server::in_pipe(&[("OTEL_RUST_CONSOLE_FORMAT", "text")]);
    assert_eq!(server.get("/users/42"), 200);
    let printed = server.printed("GET /users/{id}", "└─ render");
    assert!(!printed.contains('\x1b'), "no colours outside of a terminal: {printed:?}");
}
