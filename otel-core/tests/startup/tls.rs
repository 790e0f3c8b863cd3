//! `https://` with an authority of our own, and with client certificates.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::process::run;

const CERTIFICATES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/startup/certificates/");

pub(crate) fn file(name: &str) -> String {
    format!("{CERTIFICATES}{name}")
}

/// The certificates that a server asks its clients for.
pub(crate) enum ClientCertificates {
    Required,
    #[cfg_attr(not(unix), expect(dead_code, reason = "the trusted authorities are set by a variable of Unix"))]
    None,
}

/// A TLS server. Returns its URL, and of each connection the request line, or `None` if TLS failed.
pub(crate) fn server(clients: &ClientCertificates) -> (String, Receiver<Option<String>>) {
    let certificate = |name: &str| CertificateDer::from_pem_file(file(name)).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider));
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = match clients {
        ClientCertificates::None => config.with_no_client_auth(),
        ClientCertificates::Required => {
            let mut roots = RootCertStore::empty();
            roots.add(certificate("ca.pem")).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::from_pem_file(file("server.key")).unwrap();
    let config = Arc::new(config.with_single_cert(vec![certificate("server.pem")], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (sender, served) = mpsc::channel();
    // Ends with the test's process.
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let _ = sender.send(answer(&mut tls));
        }
    });
    (url, served)
}

/// Answers the request on a connection with 200, and returns its first line.
fn answer(stream: &mut (impl Read + Write)) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap();
        }
    }
    // Closing with unread input would reset the connection before the answer is read.
    reader.read_exact(&mut vec![0; length]).ok()?;
    let stream = reader.into_inner();
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.flush();
    Some(line.trim_end().to_owned())
}

pub(crate) const TRACES: &str = "POST /v1/traces HTTP/1.1";

/// The settings of an exporter that presents a certificate, and trusts the authority of [`server`].
pub(crate) fn certificates() -> [(&'static str, String); 3] {
    [
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", file("ca.pem")),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("client.pem")),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", file("client.key")),
    ]
}

#[test]
fn both_sides_present_certificates() {
    let (url, served) = server(&ClientCertificates::Required);
    let certificates = certificates();
    let mut environment: Vec<_> = certificates.iter().map(|(name, file)| (*name, file.as_str())).collect();
    environment.push(("OTEL_EXPORTER_OTLP_ENDPOINT", &url));
    let outcome = run("three_spans", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert_eq!(served.recv_timeout(Duration::from_secs(10)).unwrap().as_deref(), Some(TRACES));
}

#[test]
fn a_server_of_an_unknown_authority_is_not_trusted() {
    let (url, served) = server(&ClientCertificates::Required);
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("certificate") && warning.contains("spans lost: 3"), "{warning}");
    assert_eq!(served.recv_timeout(Duration::from_secs(10)).unwrap(), None);
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let (readme, certificate) = (file("README.md"), file("client.pem"));
    let environment = [
        ("OTEL_TRACES_EXPORTER", "otlp,console"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"),
        ("OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", &readme),
        ("OTEL_EXPORTER_OTLP_CLIENT_KEY", "/does/not/exist.pem"),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &certificate),
    ];
    let outcome = run("three_spans", &environment);
    assert_eq!((outcome.spans().len(), outcome.success), (3, true), "{outcome:?}");
    let warnings = outcome.messages("WARN");
    for part in ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE=", "OTEL_EXPORTER_OTLP_CLIENT_KEY=\"/does/not/exist.pem\""] {
        assert_eq!(warnings.iter().filter(|warning| warning.contains(part)).count(), 1, "{part}: {warnings:#?}");
    }
}
