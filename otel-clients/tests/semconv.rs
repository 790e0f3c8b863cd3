//! CLIENT spans of each kind and their metrics, checked with the official registry of the semantic conventions.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

#[path = "support/registry.rs"]
mod registry;
mod support;

use ::opentelemetry_sdk;
use ::opentelemetry_sdk::metrics::data::ScopeMetrics;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use otel_clients::awc::ClientTelemetry;
use otel_clients::redis_1::TracedConnection;
use otel_clients::reqwest_0_13::TracedClient;
use otel_clients::tower::{GrpcLayer, HttpLayer, UrlTemplate};
use otel_core::client::{self, DatabaseSpan};
use otel_core::database::DatabaseFacts;
use otel_core::opentelemetry;
use redis_1::AsyncCommands as _;
use registry::{check, check_spans, otlp_metric};
use serde_json::json;
use support::{Answer, Http2Peer, Peer, RedisServer, Trace, metrics, response};
use tower_layer::Layer as _;
use tower_service::Service as _;

/// Requests by each library: answered, redirected, refused by the peer, and without a peer.
async fn http_requests() {
    let peer = Peer::start(|request| match request.target() {
        "/moved" => response("302 Found", "location: /\r\n", ""),
        "/missing" => response("404 Not Found", "", "no"),
        _ => response("200 OK", "", "hello"),
    });
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let urls = [peer.url("/?q=1"), peer.url("/moved"), peer.url("/missing"), format!("http://{closed}/")];
    let awc = awc::Client::builder().wrap(ClientTelemetry::new()).finish();
    let traced = TracedClient::new(reqwest_0_13::Client::new());
    let mut tower = HttpLayer::new().layer(Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>());
    for url in urls {
        if let Ok(mut response) = awc.get(&url).send().await {
            response.body().await.unwrap();
        }
        // An unknown method, and a template.
        let method = "BREW".parse().unwrap();
        if let Ok(response) = traced.request(method, &url).template("/{path}").send().await {
            response.bytes().await.unwrap();
        }
        let mut request = Request::post(&url).body(Full::from("body")).unwrap();
        request.extensions_mut().insert(UrlTemplate("/{path}".into()));
        if let Ok(response) = tower.call(request).await {
            response.into_body().collect().await.unwrap();
        }
    }
}

/// gRPC calls: one that succeeds, and one that fails.
async fn grpc_calls() {
    for status in ["0", "5"] {
        let mut answer = Answer::default();
        answer.head.headers_mut().insert("grpc-status", status.parse().unwrap());
        let peer = Http2Peer::start(move |_| Some(answer.clone()));
        let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http::<Full<Bytes>>();
        let mut client = GrpcLayer::new("127.0.0.1", peer.address.port()).layer(client);
        let url = format!("http://{}/shop.Catalog/Find", peer.address);
        let response = client.call(Request::post(url).body(Full::default()).unwrap()).await.unwrap();
        response.into_body().collect().await.unwrap();
    }
}

/// Calls to databases: with all facts and with few, answered and failed.
fn database_calls() {
    for (system, query, operation) in [
        ("postgresql", Some("SELECT * FROM users WHERE name = 'Ada'"), None),
        ("mysql", Some("INSERT INTO users VALUES (1)"), None),
        ("sqlite", Some("SELECT 'open"), None),
        ("redis", None, Some("GET")),
        ("other_sql", None, None),
    ] {
        let mut facts = DatabaseFacts::new(system);
        (facts.query, facts.operation) = (query, operation);
        DatabaseSpan::start(client::scope(), &facts).end();
        (facts.namespace, facts.collection) = (Some("shop"), Some("users"));
        (facts.server_address, facts.server_port) = (Some("db.example.com"), Some(5432));
        let mut span = DatabaseSpan::start(client::scope(), &facts);
        span.set_returned_rows(2);
        span.end();
        DatabaseSpan::start(client::scope(), &facts).fail("connection_refused", None);
        DatabaseSpan::start(client::scope(), &facts).fail("database", Some("23505"));
    }
}

/// Commands to a real server: answered, failed, and sent together.
async fn redis_commands() {
    let server = RedisServer::start();
    let client = redis_1::Client::open(server.url(0)).unwrap();
    let connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut connection = TracedConnection::new(connection).with_info(client.get_connection_info());
    let _: () = connection.set("a", "b").await.unwrap();
    connection.lpush::<_, _, ()>("a", 1).await.unwrap_err();
    let _: () = redis_1::pipe().get("a").get("b").query_async(&mut connection).await.unwrap();
    let _: () = redis_1::pipe().atomic().get("a").del("b").query_async(&mut connection).await.unwrap();
}

#[actix_rt::test]
#[ignore = "needs python3 and redis-server"]
async fn client_spans_and_their_metrics_follow_the_registry() {
    for (group, count) in
        [("span.http.client", 13), ("span.rpc.call.client", 2), ("span.db.client", 20), ("span.db.redis.client", 4)]
    {
        let trace = Trace::new();
        trace
            .run(async {
                match group {
                    "span.http.client" => http_requests().await,
                    "span.db.client" => database_calls(),
                    "span.db.redis.client" => redis_commands().await,
                    _ => grpc_calls().await,
                }
            })
            .await;
        check_spans(group, &trace.spans(count));
    }
    let otlp: Vec<_> = metrics().unwrap().scope_metrics().flat_map(ScopeMetrics::metrics).map(otlp_metric).collect();
    let line = json!({ "resourceMetrics": [{ "scopeMetrics": [{ "metrics": otlp }] }] });
    // `http.client.request.duration`, `rpc.client.call.duration` and `db.client.operation.duration`
    check("metrics", &line, "{\"metric\": 3}");
}
