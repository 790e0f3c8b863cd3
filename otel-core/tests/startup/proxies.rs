//! The proxies that the environment names.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;
use std::{io, thread};

use crate::collector::{Collector, dead};
use crate::endpoints::{BASIC, OK, answering_raw, warning};
use crate::process::run;
#[cfg(unix)]
use crate::tls::file;
use crate::tls::{ClientCertificates, TRACES, certificates, server};

#[test]
fn a_collector_on_this_machine_is_reached_directly() {
    for host in ["127.0.0.1", "localhost"] {
        let collector = Collector::answering(OK);
        let url = collector.url().replace("127.0.0.1", host);
        let proxy = dead();
        let environment =
            [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), ("HTTP_PROXY", &proxy), ("ALL_PROXY", &proxy)];
        let outcome = run("three_spans", &environment);
        assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
        assert_eq!(collector.next().line, "POST /v1/traces HTTP/1.1");
    }
}

#[test]
fn a_proxy_forwards_requests_to_other_machines() {
    let proxy = Collector::answering(OK);
    let url = proxy.url().replace("http://", "http://user:p%5Ess@");
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318");
        let outcome = run("three_spans", &[endpoint, (variable, url.as_str())]);
        assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
        let request = proxy.next();
        assert_eq!(request.line, "POST http://collector.example:4318/v1/traces HTTP/1.1");
        assert_eq!(request.header("host"), Some("collector.example:4318"));
        assert_eq!(request.header("proxy-authorization"), Some(BASIC));
    }
}

#[test]
fn the_failure_of_a_proxy_names_its_variable() {
    let refusing = Collector::answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let http = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example");
    let https = ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example");
    for (endpoint, variable, proxy, reason) in [
        (http, "HTTP_PROXY", dead(), "refused (os error 111)"),
        (http, "http_proxy", refusing.url(), "status code: 407"),
        (https, "ALL_PROXY", dead(), "refused (os error 111)"),
        (https, "HTTPS_PROXY", tunnel_refusing(), "the proxy refuses the connection with status code: 407"),
        (http, "HTTP_PROXY", "socks5://127.0.0.1:1".to_owned(), "only proxies that start with http:// or https://"),
    ] {
        let outcome = run("three_spans", &[endpoint, (variable, proxy.as_str())]);
        let warning = warning(&outcome);
        assert!(warning.contains(reason), "{warning}");
        assert!(warning.contains(&format!("through the proxy of {variable}")), "{warning}");
    }
}

/// A proxy that takes `CONNECT`, and refuses it.
fn tunnel_refusing() -> String {
    answering_raw(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
}

#[test]
fn hosts_that_no_proxy_lists_are_reached_directly() {
    let proxy = Collector::answering(OK);
    for (variable, hosts) in [("NO_PROXY", "collector.invalid"), ("no_proxy", "a.example, .invalid"), ("NO_PROXY", "*")]
    {
        let url = proxy.url();
        let outcome = run(
            "three_spans",
            &[
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.invalid:4318"),
                ("OTEL_EXPORTER_OTLP_TIMEOUT", "1000"),
                ("HTTP_PROXY", url.as_str()),
                (variable, hosts),
            ],
        );
        // There is no such host, so the direct way fails.
        let warning = warning(&outcome);
        assert!(warning.contains("collector.invalid") && !warning.contains("proxy"), "{hosts}: {warning}");
    }
    let outcome = run(
        "three_spans",
        &[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.invalid:4318"),
            ("HTTP_PROXY", proxy.url().as_str()),
            ("NO_PROXY", "another.invalid"),
        ],
    );
    assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert_eq!(proxy.next().line, "POST http://collector.invalid:4318/v1/traces HTTP/1.1", "no earlier request");
}

/// TLS goes through the tunnel, so the collector's certificate is checked behind the proxy.
#[test]
fn a_proxy_tunnels_tls() {
    let (url, served) = server(&ClientCertificates::Required);
    let address = url.trim_start_matches("https://").to_owned();
    let (proxy, asked_for) = tunnelling_to(address);
    let certificates = certificates();
    let mut environment: Vec<_> = certificates.iter().map(|(name, file)| (*name, file.as_str())).collect();
    // The certificate names it, and no name server does.
    environment.extend([("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.invalid"), ("HTTPS_PROXY", proxy.as_str())]);
    let outcome = run("three_spans", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert_eq!(asked_for.recv_timeout(Duration::from_secs(10)).unwrap(), "CONNECT collector.invalid:443 HTTP/1.1");
    assert_eq!(served.recv_timeout(Duration::from_secs(10)).unwrap().as_deref(), Some(TRACES));
}

/// A proxy that connects every tunnel with one address. Returns its URL, and the first line of each request.
fn tunnelling_to(address: String) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, requests) = mpsc::channel();
    // Ends with the test's process.
    thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                client.read_exact(&mut byte).unwrap();
                request.extend(byte);
            }
            let request = String::from_utf8(request).unwrap();
            let _ = sender.send(request.lines().next().unwrap_or_default().to_owned());
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let mut server = TcpStream::connect(&address).unwrap();
            let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            thread::spawn(move || io::copy(&mut from_client, &mut to_server));
            thread::spawn(move || io::copy(&mut server, &mut client));
        }
    });
    (url, requests)
}

/// The proxy is trusted by the authorities of the system, not by those of the collector.
#[cfg(unix)]
#[test]
fn a_proxy_is_reached_by_tls() {
    let (proxy, served) = server(&ClientCertificates::None);
    let environment = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.invalid"),
        ("HTTP_PROXY", proxy.as_str()),
        ("SSL_CERT_FILE", &file("ca.pem")),
    ];
    let outcome = run("three_spans", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    let line = served.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(line.as_deref(), Some("POST http://collector.invalid/v1/traces HTTP/1.1"));
}
