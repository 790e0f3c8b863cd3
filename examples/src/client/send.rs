//! One request, in a CLIENT span.

use std::{error::Error, time::Duration};

use http_body_util::{BodyExt as _, Full};
use hyper::{
    Request, Uri, Version,
    body::Bytes,
    client::conn::http1,
    header::{HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use opentelemetry::{
    Context, KeyValue, global,
    propagation::Injector,
    trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _},
};
use tokio::{net::TcpStream, time::timeout};

use super::Args;

/// The longest time of an exchange, from the connection to the last byte.
const DEADLINE: Duration = Duration::from_secs(10);

type Failure = Box<dyn Error + Send + Sync>;

/// The answer of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
}

/// Sends a request in a span of its own and waits for the whole answer.
///
/// # Errors
///
/// If there is no connection, no valid HTTP, or no complete answer within 10 seconds. The span records it, too.
pub async fn send(args: &Args) -> Result<Answer, Failure> {
    let tracer = global::tracer("client");
    let span = tracer
        .span_builder(args.method.to_string())
        .with_kind(SpanKind::Client)
        .with_attributes(attributes(args))
        .start(&tracer);
    let cx = Context::current_with_span(span);

    let answer = timeout(DEADLINE, exchange(args).with_context(cx.clone()));
    let answer = answer.await.unwrap_or_else(|_| Err(format!("no answer within {DEADLINE:?}").into()));

    match &answer {
        Ok(answer) => {
            cx.span().set_attribute(KeyValue::new("http.response.status_code", i64::from(answer.status)));
            // For a client, 4xx is an error too.
            if answer.status >= 400 {
                cx.span().set_attribute(KeyValue::new("error.type", answer.status.to_string()));
                cx.span().set_status(Status::error(""));
            }
        }
        Err(error) => {
            cx.span().set_attribute(KeyValue::new("error.type", "_OTHER"));
            cx.span().set_status(Status::error(error.to_string()));
        }
    }
    cx.span().end();
    answer
}

/// [HTTP client span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span).
fn attributes(args: &Args) -> Vec<KeyValue> {
    vec![
        KeyValue::new("http.request.method", args.method.to_string()),
        KeyValue::new("server.address", host(&args.url).to_owned()),
        KeyValue::new("server.port", i64::from(port(&args.url))),
        KeyValue::new("url.full", args.url.to_string()),
    ]
}

async fn exchange(args: &Args) -> Result<Answer, Failure> {
    let stream = TcpStream::connect((host(&args.url), port(&args.url))).await?;
    describe_connection(&stream, args.version)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);

    let target = args.url.path_and_query().map_or("/", |target| target.as_str());
    let mut request = Request::new(Full::<Bytes>::from(args.body.clone()));
    *request.method_mut() = args.method.clone();
    *request.uri_mut() = target.parse()?;
    *request.version_mut() = args.version;
    *request.headers_mut() = headers(args)?;

    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let body = response.into_body().collect().await?.to_bytes();
    drop(sender);
    connection.abort();
    Ok(Answer { status, body })
}

/// The headers that a request has by default, the trace context among them, and then the headers of the command line.
fn headers(args: &Args) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    let authority = args.url.authority().map_or("", |authority| authority.as_str());
    headers.insert(HOST, authority.parse()?);
    headers.insert(USER_AGENT, HeaderValue::from_static(concat!("otel-actix-client/", env!("CARGO_PKG_VERSION"))));
    global::get_text_map_propagator(|propagator| propagator.inject(&mut RequestHeaders(&mut headers)));

    for (name, _) in &args.headers {
        headers.remove(name);
    }
    for (name, value) in &args.headers {
        if let Some(value) = value {
            headers.append(name, value.clone());
        }
    }
    Ok(headers)
}

fn describe_connection(stream: &TcpStream, version: Version) -> Result<(), Failure> {
    let (peer, local) = (stream.peer_addr()?, stream.local_addr()?);
    let version = if version == Version::HTTP_10 { "1.0" } else { "1.1" };
    let cx = Context::current();
    cx.span().set_attributes([
        KeyValue::new("network.peer.address", peer.ip().to_string()),
        KeyValue::new("network.peer.port", i64::from(peer.port())),
        // The server's `network.peer.port`.
        KeyValue::new("network.local.port", i64::from(local.port())),
        KeyValue::new("network.protocol.version", version),
    ]);
    Ok(())
}

fn host(url: &Uri) -> &str {
    url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

fn port(url: &Uri) -> u16 {
    url.port_u16().unwrap_or(80)
}

/// Request headers, for the propagators to write.
struct RequestHeaders<'a>(&'a mut HeaderMap);

impl Injector for RequestHeaders<'_> {
    fn set(&mut self, key: &str, value: String) {
        // Both come from a propagator. Text that is no header cannot be sent.
        if let (Ok(name), Ok(value)) = (key.parse::<HeaderName>(), value.parse::<HeaderValue>()) {
            self.0.insert(name, value);
        }
    }
}
