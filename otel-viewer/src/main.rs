//! `otel-viewer`: the viewer as a program, for several services and other languages.
//!
//! It takes OTLP/HTTP on the usual port, 4318, and prints the link to its page.

use std::io::Write as _;
use std::process::ExitCode;

use otel_viewer::{Settings, Viewer};

const USAGE: &str = "usage: otel-viewer [--port 4318] [--memory MIB] [--token TOKEN]

Shows traces, log records and request metrics in the browser. Programs send them by OTLP over HTTP to the port; nothing
leaves this machine.

  --port    the port on 127.0.0.1; 0 for any that is free
  --memory  what is kept at most, in MiB; the oldest traces go first. 64 unless set
  --token   the token in the link; a random one unless set
";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--help" || arg == "-h") {
        // Nothing can be done about a closed pipe, here and below.
        let _ = std::io::stdout().write_all(USAGE.as_bytes());
        return ExitCode::SUCCESS;
    }
    let settings = match Settings::from_args(args) {
        Ok(settings) => settings,
        Err(error) => return fail(&format!("{error}\n\n{USAGE}")),
    };
    let port = settings.port;
    match Viewer::start(settings) {
        Ok(viewer) => {
            let _ = writeln!(std::io::stdout(), "viewer: {}", viewer.link());
            loop {
                std::thread::park();
            }
        }
        Err(error) => fail(&format!("port {port} on 127.0.0.1: {error}; choose another with --port\n")),
    }
}

fn fail(reason: &str) -> ExitCode {
    let _ = write!(std::io::stderr(), "otel-viewer: {reason}");
    ExitCode::FAILURE
}
