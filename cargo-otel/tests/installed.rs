//! An application of the registry, as its authors published it.
//!
//! Needs the registry, and compiles a whole application: run with `--ignored`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::server::Server;
use fixture::{Project, manifest, succeed, text};

#[test]
#[ignore = "needs the registry, and compiles an application"]
fn miniserve() {
    // `cargo install` does not look at the project around it.
    let manifest = manifest("app", "");
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", "fn main() {}"), ("files/hello.txt", "hello")];
    let project = Project::new("installed", &files);
    let install = ["--strict", "install", "miniserve@0.35.0", "--locked", "--debug", "--no-default-features"];
    let mut command = project.otel(&install);
    // Without debug information: the program would have 200 MB.
    let environment = [("CARGO_NET_OFFLINE", "false"), ("CARGO_PROFILE_DEV_DEBUG", "0")];
    let output = succeed(command.args(["--root", "installed"]).envs(environment));
    assert!(text(&output.stderr).contains("Installed package"), "{}", text(&output.stderr));

    let program = project.folder.join("installed/bin/miniserve");
    let files = project.folder.join("files");
    let server = Server::start(&program, &["--interfaces", "127.0.0.1", "--port", "0", files.to_str().unwrap()], &[]);
    let targets = ["/hello.txt", "/missing", "/"];
    assert_eq!(targets.map(|target| server.get(target)), [200, 404, 200]);
    // SIGTERM exports the spans.
    let spans = server.stop().spans();
    let attributes = spans.iter().map(|span| &span["attributes"]);
    let recorded: Vec<_> = attributes
        .map(|attributes| (attributes["url.path"].as_str(), attributes["http.response.status_code"].as_u64()))
        .collect();
    let expected = [(Some("/hello.txt"), Some(200)), (Some("/missing"), Some(404)), (Some("/"), Some(200))];
    assert_eq!(recorded, expected, "{spans:#?}");
    assert!(spans.iter().all(|span| span["kind"] == "SpanKind.SERVER"), "{spans:#?}");
}
