//! HTTP/2, TLS and Unix domain sockets: `cargo otel` and the attribute record the same.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use examples::compare::{Failure, Server, Span, Stop, build_zero_code_of, example, spans};
use rcgen::CertifiedKey;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;
use workspace_tests::with_programs;

use super::normal::normal;

/// The server, with the attribute.
const SOURCE: &str = include_str!("../../examples/sockets.rs");
const ATTRIBUTE: &str = "#[otel_actix::auto_instrument]\n";

/// A package with the server, without the attribute.
const MANIFEST: &str = r#"
[package]
name = "sockets"
version = "0.1.0"
edition = "2024"

[workspace]

[dependencies]
actix-web = { version = "4", default-features = false, features = ["http2", "macros", "rustls-0_23"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
"#;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// A folder for the package, the server's certificate and its Unix domain socket. It is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Failure> {
        // The path of a socket is limited to some 100 bytes.
        let folder = Self(std::env::temp_dir().join(format!("otel-sockets-{}", std::process::id())));
        fs::create_dir_all(folder.path("src"))?;
        Ok(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Writes the package. Returns its manifest.
    fn package(&self) -> Result<PathBuf, Failure> {
        let manifest = self.path("Cargo.toml");
        fs::write(&manifest, MANIFEST)?;
        fs::write(self.path("src/main.rs"), SOURCE.replacen(ATTRIBUTE, "", 1))?;
        // The versions of the workspace, so that both servers differ in one line alone.
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), self.path("Cargo.lock"))?;
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let update = ["update", "--workspace", "--quiet", "--manifest-path"];
        assert!(Command::new(cargo).args(update).arg(&manifest).status()?.success());
        Ok(manifest)
    }

    /// Writes a certificate and its key. Returns a client's connector.
    fn certificate(&self) -> Result<TlsConnector, Failure> {
        let CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        fs::write(self.path("certificate"), cert.der())?;
        fs::write(self.path("key"), signing_key.serialize_der())?;
        let mut roots = RootCertStore::empty();
        roots.add(cert.der().clone())?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        Ok(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The spans and the metrics of a server after one request in each way.
async fn records(program: &Path, folder: &Folder) -> Result<(Vec<Span>, Vec<Value>), Failure> {
    let _ = fs::remove_file(folder.path("socket"));
    let tls = folder.certificate()?;
    let environment = [
        ("FOLDER", folder.0.to_str().ok_or("the folder's name is not UTF-8")?),
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "console"),
        ("OTEL_BSP_SCHEDULE_DELAY", "3600000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "3600000"),
        ("OTEL_SERVICE_NAME", "sockets"),
    ];
    let mut server = Server::start(program, &environment).await?;
    let address_with_tls = |line: &str| line.strip_prefix("listening on https://")?.parse::<SocketAddr>().ok();
    let address_with_tls = server.find_line(Duration::from_secs(30), address_with_tls).await.ok_or("no TLS")?;

    let mut ports = Vec::new();
    for protocol in ["http/1.1", "h2"] {
        let stream = TcpStream::connect(server.address()).await?;
        ports.push(stream.local_addr()?.port());
        get(stream, protocol, "http").await?;
    }
    for protocol in ["http/1.1", "h2"] {
        let stream = TcpStream::connect(address_with_tls).await?;
        ports.push(stream.local_addr()?.port());
        let mut tls = tls.config().as_ref().clone();
        tls.alpn_protocols = vec![protocol.as_bytes().to_vec()];
        let stream = TlsConnector::from(Arc::new(tls)).connect(ServerName::try_from("localhost")?, stream).await?;
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol.as_bytes()));
        get(stream, protocol, "https").await?;
    }
    get(UnixStream::connect(folder.path("socket")).await?, "http/1.1", "http").await?;

    let port = server.address().port();
    let output = server.stop(Stop::Terminate).await?;
    let mut spans = spans(output.stdout.iter().map(String::as_str));
    for (span, port) in spans.iter_mut().zip(ports) {
        assert_eq!(span.attributes.remove("network.peer.port"), Some(port.into()), "{span:#?}");
    }
    let objects = output.stdout.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let metrics = objects.filter(|object| object.get("resource_metrics").is_some());
    Ok((spans, metrics.map(|object| normal(object, port.into())).collect()))
}

/// Sends a request, and reads the whole response.
async fn get<S>(mut stream: S, protocol: &str, scheme: &str) -> Result<(), Failure>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    if protocol == "http/1.1" {
        let head = "GET /users/7?a=b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntraceparent: ";
        stream.write_all(format!("{head}{TRACEPARENT}\r\n\r\n").as_bytes()).await?;
        let mut response = String::new();
        stream.read_to_string(&mut response).await?;
        assert!(response.starts_with("HTTP/1.1 200") && response.ends_with("user 7"), "{response}");
        return Ok(());
    }
    let (requests, connection) = h2::client::handshake(stream).await?;
    let connection = tokio::spawn(connection);
    let request = http::Request::get(format!("{scheme}://localhost/users/7?a=b")).header("traceparent", TRACEPARENT);
    let response = requests.ready().await?.send_request(request.body(())?, true)?.0;
    let (head, mut body) = response.await?.into_parts();
    assert_eq!(head.status, 200);
    let mut text = Vec::new();
    while let Some(bytes) = body.data().await {
        text.extend_from_slice(&bytes?);
    }
    assert_eq!(text, b"user 7");
    connection.abort();
    Ok(())
}

/// The attributes that depend on the connection.
fn of_connection(span: &Span) -> [Value; 4] {
    ["network.protocol.version", "url.scheme", "server.port", "network.peer.address"]
        .map(|name| span.attributes.get(name).cloned().unwrap_or_default())
}

#[test]
#[ignore = "builds the runtime of cargo-otel, which takes minutes the first time"]
fn each_kind_of_connection_is_recorded_as_by_the_attribute() {
    with_programs(|_| async move {
        assert!(SOURCE.contains(ATTRIBUTE));
        let folder = Folder::new()?;
        let zero_code = build_zero_code_of(&folder.package()?, "sockets").await?;
        let (spans, metrics) = records(&example("sockets").await?, &folder).await?;
        let (zero_code_spans, zero_code_metrics) = records(&zero_code, &folder).await?;

        let connections: Vec<[Value; 4]> = spans.iter().map(of_connection).collect();
        let expected = [
            [json!("1.1"), json!("http"), json!(80), json!("127.0.0.1")],
            [json!("2"), json!("http"), json!(80), json!("127.0.0.1")],
            [json!("1.1"), json!("https"), json!(443), json!("127.0.0.1")],
            [json!("2"), json!("https"), json!(443), json!("127.0.0.1")],
            [json!("1.1"), json!("http"), json!(80), Value::Null],
        ];
        assert_eq!(connections, expected);

        let parts = |span: &Span| {
            let Span { name, context, kind, parent_id, status, attributes, events, links, .. } = span.clone();
            (name, context.trace_id, kind, parent_id, status, attributes, events, links)
        };
        assert_eq!(zero_code_spans.iter().map(parts).collect::<Vec<_>>(), spans.iter().map(parts).collect::<Vec<_>>());
        assert!(
            metrics.iter().any(|metrics| metrics.to_string().contains("http.server.request.duration")),
            "{metrics:#?}"
        );
        assert_eq!(zero_code_metrics, metrics);
        Ok(())
    })
    .unwrap();
}
