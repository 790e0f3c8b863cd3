//! A service in a process of its own, and the spans that it prints.

use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};

use crate::{ANNOUNCEMENT, PATIENCE, Span};

/// A running service. It is stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Child {
    process: std::process::Child,
    address: SocketAddr,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Child {
    /// Starts a program, and waits until it prints its address.
    pub(crate) fn start(program: &Path, variables: &[(&str, &str)]) -> io::Result<Self> {
        let name = program.file_stem().unwrap_or_default();
        let mut process = Command::new(program)
            .envs(variables.iter().copied())
            .env("OTEL_SERVICE_NAME", name)
            .env("OTEL_TRACES_EXPORTER", "console")
            .env("OTEL_METRICS_EXPORTER", "none")
            .env("OTEL_LOGS_EXPORTER", "none")
            .env("OTEL_LOG_LEVEL", "warn")
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let spans = Arc::new(Mutex::new(Vec::new()));
        let (sender, receiver) = mpsc::channel();
        let read = Arc::clone(&spans);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix(ANNOUNCEMENT) {
                    let _ = sender.send(address.to_owned());
                } else if let Some(span) = Span::parse(&line)
                    && let Ok(mut spans) = read.lock()
                {
                    spans.push(span);
                }
            }
        });
        let address = receiver.recv_timeout(PATIENCE).map_err(io::Error::other);
        match address.and_then(|address| address.parse().map_err(io::Error::other)) {
            Ok(address) => Ok(Self { process, address, spans }),
            Err(error) => {
                let _ = process.kill();
                Err(error)
            }
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The spans of a trace so far.
    pub(crate) fn spans(&self, trace: &str) -> Vec<Span> {
        let Ok(spans) = self.spans.lock() else { return Vec::new() };
        spans.iter().filter(|span| span.trace == trace).cloned().collect()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
