//! One process of `server_auto`: started for a combination, sent requests, stopped.

use std::path::Path;

use examples::compare::{Failure, Server, Stop};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// The way to the decoder: direct, or through the other project's collector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Direct,
    ThroughRotel,
}

/// The settings of the server's export.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Combination {
    pub(crate) protocol: &'static str,
    pub(crate) compression: &'static str,
}

const fn combination(protocol: &'static str, compression: &'static str) -> Combination {
    Combination { protocol, compression }
}

pub(crate) const COMBINATIONS: [Combination; 6] = [
    combination("grpc", "none"),
    combination("grpc", "gzip"),
    combination("http/protobuf", "none"),
    combination("http/protobuf", "gzip"),
    combination("http/json", "none"),
    combination("http/json", "gzip"),
];

/// The remote parent of the first request.
pub(crate) const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
pub(crate) const PARENT: &str = "b7ad6b7169203331";
pub(crate) const TRACE_STATE: &str = "vendor=1,other=2";
pub(crate) const USER_AGENT: &str = "end-to-end/1 \u{20ac}";

/// The known facts of the requests.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Identifies this process of the server.
    pub(crate) run: String,
    /// The port of the server.
    pub(crate) server: u16,
    /// The clients' ports, one per request.
    pub(crate) clients: [u16; 2],
}

/// Starts the server, sends two requests, stops it.
pub(crate) async fn run(program: &Path, combination: Combination, endpoint: &str) -> Result<Sent, Failure> {
    let Combination { protocol, compression } = combination;
    let run = format!("{protocol}+{compression}");
    let environment = [
        ("OTEL_TRACES_EXPORTER", "otlp"),
        ("OTEL_METRICS_EXPORTER", "otlp"),
        ("OTEL_LOGS_EXPORTER", "otlp"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", compression),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint),
        ("OTEL_SERVICE_NAME", "shop"),
        ("OTEL_RESOURCE_ATTRIBUTES", &format!("run={run},deployment.environment.name=t%C3%A9st")),
        ("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "logs"),
    ];
    let server = Server::start(program, &environment).await?;
    let port = server.address().port();
    let with_parent =
        format!("User-Agent: {USER_AGENT}\r\ntraceparent: 00-{TRACE}-{PARENT}-01\r\ntracestate: {TRACE_STATE}\r\n");
    let clients = [
        request(&server, "/users/7?sig=secret&page=2", &with_parent, 200).await?,
        request(&server, "/fail", "", 500).await?,
    ];
    let output = server.stop(Stop::Terminate).await?;
    if output.stderr.contains("WARN") {
        return Err(output.stderr.into());
    }
    Ok(Sent { run, server: port, clients })
}

/// Sends a request over a connection of its own, and returns the client's port.
async fn request(server: &Server, target: &str, headers: &str, status: u16) -> Result<u16, Failure> {
    let mut stream = TcpStream::connect(server.address()).await?;
    let client = stream.local_addr()?.port();
    let host = server.address();
    let request = format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    if answer.starts_with(&format!("HTTP/1.1 {status} ")) { Ok(client) } else { Err(answer.into()) }
}
