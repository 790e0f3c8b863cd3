//! The example servers as processes, and their output on a terminal.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, time::Duration};

use examples::{
    client::{Args, send},
    compare::{Failure, Server, Span, Stop, spans},
};
use workspace_tests::with_programs;

const CONSOLE: (&str, &str) = ("OTEL_TRACES_EXPORTER", "console");
/// Keeps spans back until the server stops.
const NO_TIMER: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "3600000");

async fn get(server: &Server, target: &str) -> Result<u16, Failure> {
    let url = format!("http://{}{target}", server.address());
    Ok(send(&Args::parse(["--url".to_owned(), url], "")?).await?.status)
}

fn span(line: &str) -> Option<Span> {
    spans([line]).pop()
}

#[test]
fn a_span_is_seen_within_a_second_of_the_answer() {
    with_programs(|programs| async move {
        let mut server = Server::start(&programs.server_auto, &[CONSOLE]).await?;
        assert_eq!(get(&server, "/users/7").await?, 200);
        let span = server.find_line(Duration::from_secs(1), span).await.expect("no span within a second");
        assert_eq!(span.name, "GET /users/{id}");
        server.stop(Stop::Interrupt).await?;
        Ok(())
    })
    .unwrap();
}

async fn spans_after(program: &Path, stop: Stop) -> Result<usize, Failure> {
    let server = Server::start(program, &[CONSOLE, NO_TIMER]).await?;
    for i in 0..20 {
        assert_eq!(get(&server, &format!("/users/{i}")).await?, 200);
    }
    let output = server.stop(stop).await?;
    Ok(spans(output.stdout.iter().map(String::as_str)).len())
}

#[test]
fn no_span_is_lost_on_ctrl_c_and_kill() {
    with_programs(|programs| async move {
        for program in [&programs.server_auto, &programs.server_manual, &programs.server_handlers] {
            for stop in [Stop::Interrupt, Stop::Terminate] {
                assert_eq!(spans_after(program, stop).await?, 20, "{} {stop:?}", program.display());
            }
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn annotated_handlers_have_spans_and_others_do_not() {
    with_programs(|programs| async move {
        let server = Server::start(&programs.server_handlers, &[CONSOLE, NO_TIMER]).await?;
        assert_eq!(get(&server, "/health").await?, 200);
        assert_eq!(get(&server, "/items/12").await?, 200);
        assert_eq!(get(&server, "/items/twelve").await?, 404);
        assert_eq!(get(&server, "/users/7").await?, 200);
        let output = server.stop(Stop::Terminate).await?;

        let spans = spans(output.stdout.iter().map(String::as_str));
        let told: Vec<_> = spans
            .iter()
            .map(|span| {
                let function = span.attributes["code.function.name"].as_str().unwrap();
                let status = span.attributes["http.response.status_code"].as_u64().unwrap();
                (span.name.as_str(), status, function.rsplit("::").next().unwrap())
            })
            .collect();
        assert_eq!(
            told,
            [
                ("GET /items/{number}", 200, "item"),
                ("GET /items/{number}", 404, "item"),
                ("GET /users/{id}", 200, "user"),
            ]
        );
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_server_that_is_dropped_is_gone() {
    with_programs(|programs| async move {
        let server = Server::start(&programs.server_manual, &[("OTEL_TRACES_EXPORTER", "none")]).await?;
        let (id, address) = (server.id().unwrap(), server.address());
        drop(server);
        let id = rustix::process::Pid::from_raw(id.try_into()?).unwrap();
        assert!(rustix::process::test_kill_process(id).is_err(), "the process is still there");
        assert!(tokio::net::TcpStream::connect(address).await.is_err(), "it still listens");
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_program_that_does_not_listen_is_a_failure() {
    with_programs(|programs| async move {
        let failure = Server::start(&programs.client, &[]).await.err().unwrap().to_string();
        assert!(failure.contains("client does not listen: what to send?"), "{failure}");
        Ok(())
    })
    .unwrap();
}
