//! Commands by `redis`, to a real server: their spans and metrics.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::future::Future as _;
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use opentelemetry::trace::{SpanKind, Status};
use otel_clients::redis_1::TracedConnection;
use otel_core::opentelemetry;
use redis_1::aio::MultiplexedConnection;
use redis_1::{AsyncCommands as _, AsyncConnectionConfig, Client, Commands as _, Connection, RedisResult, cmd, pipe};
use support::{RedisServer, Trace, attribute, durations, text};

async fn connect(server: &RedisServer, database: u8) -> TracedConnection<MultiplexedConnection> {
    let client = Client::open(server.url(database)).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    TracedConnection::new(connection).with_info(client.get_connection_info())
}

fn connect_blocking(server: &RedisServer) -> TracedConnection<Connection> {
    let client = Client::open(server.url(0)).unwrap();
    TracedConnection::new(client.get_connection().unwrap()).with_info(client.get_connection_info())
}

/// The name, the result and the attributes of each span, except for the server's.
fn lines(trace: Trace, server: &RedisServer, count: usize) -> Vec<String> {
    let common = format!(" db.system.name=redis|server.address=127.0.0.1 server.port={}", server.port);
    let common: Vec<_> = common.split('|').collect();
    let lines = trace.spans(count).into_iter().map(|span| {
        assert_eq!(span.span_kind, SpanKind::Client);
        let failed = if span.status == Status::Unset { "" } else { " failed" };
        let attributes = text(&span);
        assert!(common.iter().all(|common| attributes.contains(common)), "{attributes}");
        let attributes = common.iter().fold(attributes.clone(), |rest, common| rest.replace(common, ""));
        format!("{}{failed}: {}", span.name, attributes.trim_end())
    });
    lines.collect()
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn each_command_is_one_span_without_its_arguments() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 3).await;
    trace
        .run(async {
            let _: () = connection.set("user:42", "secret").await.unwrap();
            let value: String = connection.get("user:42").await.unwrap();
            assert_eq!(value, "secret");
            // The name is the application's, whatever its case.
            let nothing: Option<String> = cmd("get").arg("nobody").query_async(&mut connection).await.unwrap();
            assert_eq!(nothing, None);
            let mut clone = connection.clone();
            let _: () = clone.hset_multiple("map", &[("a", 1), ("b", 2)]).await.unwrap();
        })
        .await;
    assert_eq!(
        lines(trace, &server, 4),
        [
            "SET: db.namespace=3 db.operation.name=SET db.query.text=SET ? ?",
            "GET: db.namespace=3 db.operation.name=GET db.query.text=GET ?",
            "get: db.namespace=3 db.operation.name=get db.query.text=get ?",
            "HMSET: db.namespace=3 db.operation.name=HMSET db.query.text=HMSET ? ? ? ? ?",
        ]
    );
    let port = format!("server.port={}", server.port);
    let points = durations("db.client.operation.duration", &port);
    assert_eq!(points.len(), 4, "{points:?}");
    let set = format!(
        "db.namespace=3 db.operation.name=SET db.system.name=redis server.address=127.0.0.1 server.port={}",
        server.port
    );
    assert!(points.contains(&(1, set)), "{points:?}");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_pipeline_is_one_span() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 0).await;
    let mut blocking = connect_blocking(&server);
    trace
        .run(async {
            let (a, b): (Option<i32>, Option<i32>) =
                pipe().get("a").get("b").query_async(&mut connection).await.unwrap();
            assert_eq!((a, b), (None, None));
            let mut both = pipe();
            both.atomic().incr("a", 1).set("b", "secret");
            let (a, ()): (i32, ()) = both.query_async(&mut connection).await.unwrap();
            let (again, ()): (i32, ()) = both.query(&mut blocking).unwrap();
            assert_eq!((a, again), (1, 2));
            let _: () = pipe().get("a").query(&mut blocking).unwrap();
        })
        .await;
    let both =
        "MULTI: db.namespace=0 db.operation.batch.size=2 db.operation.name=MULTI db.query.text=INCRBY ? ?; SET ? ?";
    assert_eq!(
        lines(trace, &server, 4),
        [
            "PIPELINE GET: db.namespace=0 db.operation.batch.size=2 db.operation.name=PIPELINE GET db.query.text=GET ?; GET ?",
            both,
            both,
            // A single operation is no batch.
            "PIPELINE GET: db.namespace=0 db.operation.name=PIPELINE GET db.query.text=GET ?",
        ]
    );
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn an_error_has_the_code_of_the_server() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 0).await;
    let mut blocking = connect_blocking(&server);
    let _: () = connection.inner().set("text", "secret").await.unwrap();
    trace
        .run(async {
            let failed: RedisResult<()> = connection.lpush("text", 1).await;
            assert_eq!(failed.unwrap_err().code(), Some("WRONGTYPE"));
            let failed: RedisResult<()> = blocking.lpush("text", 1);
            assert_eq!(failed.unwrap_err().code(), Some("WRONGTYPE"));
            let failed: RedisResult<()> = pipe().get("a").lpush("text", 1).query_async(&mut connection).await;
            failed.unwrap_err();
            let failed: RedisResult<()> = pipe().atomic().lpush("text", 1).query(&mut blocking);
            failed.unwrap_err();
            let failed: RedisResult<()> = cmd("NOSUCH").query(&mut blocking);
            assert_eq!(failed.unwrap_err().code(), Some("ERR"));
            let script = "return redis.error_reply('user:42 is locked')";
            let failed: RedisResult<()> = cmd("EVAL").arg(script).arg(0).query(&mut blocking);
            assert_eq!(failed.unwrap_err().code(), Some("user:42"));
        })
        .await;
    let wrong_type = "db.response.status_code=WRONGTYPE error.type=WRONGTYPE";
    let push = format!("LPUSH failed: db.namespace=0 db.operation.name=LPUSH db.query.text=LPUSH ? ? {wrong_type}");
    assert_eq!(
        lines(trace, &server, 6),
        [
            push.clone(),
            push,
            format!("PIPELINE failed: db.namespace=0 db.operation.batch.size=2 db.operation.name=PIPELINE db.query.text=GET ?; LPUSH ? ? {wrong_type}"),
            format!("MULTI LPUSH failed: db.namespace=0 db.operation.name=MULTI LPUSH db.query.text=LPUSH ? ? {wrong_type}"),
            "NOSUCH failed: db.namespace=0 db.operation.name=NOSUCH db.query.text=NOSUCH db.response.status_code=ERR error.type=ERR".to_owned(),
            "EVAL failed: db.namespace=0 db.operation.name=EVAL db.query.text=EVAL ? ? error.type=server".to_owned(),
        ]
    );
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_server_that_is_gone_is_an_error_without_a_code() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 0).await;
    let mut blocking = connect_blocking(&server);
    drop(server);
    trace
        .run(async {
            let failed: RedisResult<()> = connection.get("a").await;
            failed.unwrap_err();
            let failed: RedisResult<()> = blocking.get("a");
            failed.unwrap_err();
        })
        .await;
    for span in trace.spans(2) {
        assert_eq!(attribute(&span, "db.response.status_code"), None);
        assert_eq!(attribute(&span, "error.type").unwrap(), "connection_closed");
        assert_ne!(span.status, Status::Unset);
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_dropped_command_is_no_error() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 0).await;
    trace
        .run(async {
            let never = cmd("BLPOP").arg("nothing").arg(0).to_owned();
            let mut answer = Box::pin(never.query_async::<()>(&mut connection));
            poll_fn(|cx| {
                assert!(answer.as_mut().poll(cx).is_pending());
                Poll::Ready(())
            })
            .await;
        })
        .await;
    assert_eq!(lines(trace, &server, 1), ["BLPOP: db.namespace=0 db.operation.name=BLPOP db.query.text=BLPOP ? ?"]);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn the_database_is_unknown_once_another_may_be_selected() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let mut connection = connect(&server, 0).await;
    trace
        .run(async {
            cmd("SELECT").arg(4).exec_async(&mut connection).await.unwrap();
            let _: Option<String> = connection.get("a").await.unwrap();
        })
        .await;
    assert_eq!(lines(trace, &server, 2)[1], "GET: db.operation.name=GET db.query.text=GET ?");
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_database_that_is_selected_without_a_span_is_unknown_too() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let client = Client::open(server.url(0)).unwrap();
    let mut connection = connect_blocking(&server);
    trace
        .run(async {
            otel_core::suppress(|| cmd("SELECT").arg(4).exec(&mut connection)).unwrap();
            let mut connection = connection.with_info(client.get_connection_info());
            let _: Option<String> = connection.get("a").unwrap();
        })
        .await;
    assert_eq!(lines(trace, &server, 1), ["GET: db.operation.name=GET db.query.text=GET ?"]);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_connection_that_is_wrapped_twice_has_one_span_for_a_command() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let client = Client::open(server.url(0)).unwrap();
    let info = client.get_connection_info();
    let mut connection = TracedConnection::new(connect(&server, 0).await).with_info(info);
    let mut blocking = TracedConnection::new(connect_blocking(&server)).with_info(info);
    trace
        .run(async {
            let _: Option<String> = connection.get("a").await.unwrap();
            let _: Option<String> = blocking.get("a").unwrap();
            let _: Option<String> = connection.get("b").await.unwrap();
        })
        .await;
    assert_eq!(lines(trace, &server, 3), ["GET: db.namespace=0 db.operation.name=GET db.query.text=GET ?"; 3]);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn an_answer_that_comes_too_late_is_a_time_out() {
    let (server, trace) = (RedisServer::start(), Trace::new());
    let client = Client::open(server.url(0)).unwrap();
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(Duration::from_millis(20)));
    let connection = client.get_multiplexed_async_connection_with_config(&config).await.unwrap();
    let mut connection = TracedConnection::new(connection).with_info(client.get_connection_info());
    let mut blocking = connect_blocking(&server);
    blocking.inner().set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let never = cmd("BLPOP").arg("nothing").arg(0).to_owned();
    trace
        .run(async {
            never.query_async::<()>(&mut connection).await.unwrap_err();
            never.query::<()>(&mut blocking).unwrap_err();
        })
        .await;
    let expected = "BLPOP failed: db.namespace=0 db.operation.name=BLPOP db.query.text=BLPOP ? ? error.type=timeout";
    assert_eq!(lines(trace, &server, 2), [expected; 2]);
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn the_answers_of_a_cluster_are_errors_with_a_code() {
    let (server, trace) = (RedisServer::start_node(), Trace::new());
    let mut connection = connect(&server, 0).await;
    trace
        .run(async {
            let failed: RedisResult<()> = connection.get("a").await;
            failed.unwrap_err();
            // The answer of a node whose slots are another's.
            let script = "return redis.error_reply('MOVED 3999 127.0.0.1:6381')";
            let failed: RedisResult<()> = cmd("EVAL").arg(script).arg(0).query_async(&mut connection).await;
            failed.unwrap_err();
        })
        .await;
    let codes = trace.spans(2).into_iter().map(|span| attribute(&span, "db.response.status_code"));
    assert_eq!(codes.collect::<Vec<_>>(), [Some("CLUSTERDOWN".to_owned()), Some("MOVED".to_owned())]);
}
