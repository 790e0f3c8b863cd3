//! `otel_actix::diagnose()` in real programs: the instrumented parts, and whether a layer is the outermost.
//!
//! Each program is a module here. Its `main` runs in this test's executable, which is started again for it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
#![allow(clippy::print_stdout, reason = "programs")]

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::Command,
};

use actix_web::dev::Server;

/// Runs the program `name`. Returns the state in its printed diagnosis, and the findings.
fn diagnosis_of(name: &str) -> (String, Vec<String>) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "--test-threads=1", &format!("{name}::program")])
        .env("OTEL_TRACES_EXPORTER", "console")
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_LOGS_EXPORTER", "none")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    // The test harness has begun a line of its own.
    let start = printed.find("telemetry ").unwrap_or_else(|| panic!("{printed}"));
    let mut lines = printed[start..].lines().map(str::to_owned);
    let state = lines.next().unwrap();
    (state, lines.take_while(|line| line.starts_with(|first: char| first.is_ascii_digit())).collect())
}

/// Serves one request, prints a diagnosis, and stops.
async fn serve(server: Server, address: SocketAddr) -> std::io::Result<()> {
    let handle = server.handle();
    std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /index HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        println!("{}\n", otel_actix::diagnose());
        actix_web::rt::System::new().block_on(handle.stop(true));
    });
    server.await
}

#[actix_web::get("/index")]
async fn index() -> &'static str {
    "served"
}

/// A program that starts telemetry, and serves the application of the factory, on one worker.
macro_rules! program {
    ($name:ident [$($attribute:tt)*] $factory:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "not every program needs all of them")]
            use actix_web::{
                App, HttpServer,
                dev::{AppConfig, Service as _},
                middleware::{Logger, NormalizePath},
                web,
            };
            #[allow(unused_imports, reason = "not every program needs all of them")]
            use otel_actix::{HttpTelemetry, auto_instrument};

            $($attribute)*
            async fn run() -> std::io::Result<()> {
                let server = HttpServer::new($factory).workers(1).bind("127.0.0.1:0")?;
                let address = server.addrs()[0];
                super::serve(server.run(), address).await
            }

            #[test]
            #[ignore = "a program"]
            fn program() {
                let _telemetry = otel_actix::init();
                actix_web::rt::System::new().block_on(run()).unwrap();
            }
        }
    };
}

program! { attribute [#[auto_instrument]] || App::new().service(super::index) }
program! { attribute_around_a_layer_inside [#[auto_instrument]] || {
    App::new().service(super::index).wrap(HttpTelemetry::new()).wrap(Logger::default())
} }
program! { attribute_around_a_service [#[auto_instrument]] || {
    let app = App::new().service(super::index).wrap(HttpTelemetry::new()).wrap(Logger::default());
    actix_service::map_config(app, |_| AppConfig::default())
} }
program! { nothing [] || App::new().service(super::index) }
program! { outermost [] || App::new().service(super::index).wrap(Logger::default()).wrap(HttpTelemetry::new()) }
program! { inside_a_logger [] || App::new().service(super::index).wrap(HttpTelemetry::new()).wrap(Logger::default()) }
program! { inside_several [] || {
    App::new()
        .service(super::index)
        .wrap(HttpTelemetry::new().wrapping_bodies())
        .wrap(NormalizePath::trim())
        .wrap_fn(|request, app| app.call(request))
} }
program! { within_a_scope [] || {
    App::new().service(web::scope("").wrap(HttpTelemetry::new()).service(super::index)).wrap(Logger::default())
} }
program! { a_handler [] || {
    #[auto_instrument]
    #[actix_web::get("/index")]
    async fn index() -> &'static str {
        "served"
    }
    App::new().service(index).wrap(Logger::default())
} }

#[test]
fn what_is_as_it_should_be() {
    let healthy = [
        "attribute",
        "attribute_around_a_layer_inside",
        "attribute_around_a_service",
        "outermost",
        "within_a_scope",
        "a_handler",
    ];
    for name in healthy {
        let (state, findings) = diagnosis_of(name);
        assert!(state.starts_with("telemetry runs; ") && !state.contains("instrumented: 0;"), "{name}: {state}");
        assert!(state.ends_with("requests were seen; nothing wrong was found"), "{name}: {state} {findings:?}");
    }
}

#[test]
fn a_server_that_nobody_instrumented() {
    let (state, findings) = diagnosis_of("nothing");
    let expected =
        "telemetry runs; apps, services and handlers instrumented: 0; requests were not seen yet; findings: 1";
    assert_eq!(state, expected);
    assert!(findings[0].starts_with("1. no server is instrumented: put `#[auto_instrument]`"), "{findings:?}");
}

#[test]
#[cfg_attr(not(debug_assertions), ignore = "seen in debug builds only")]
fn a_layer_that_is_not_the_outermost() {
    for (name, outermost) in [
        ("inside_a_logger", "actix_web::middleware::logger::LoggerMiddleware"),
        ("inside_several", "actix_service::apply::Apply"),
    ] {
        let (_, findings) = diagnosis_of(name);
        let [finding] = &findings[..] else { panic!("{name}: {findings:?}") };
        let expected = format!("1. `HttpTelemetry` is not the outermost layer, `{outermost}` is: ");
        assert!(finding.starts_with(&expected) && finding.contains("register it last"), "{name}: {finding}");
    }
}
