//! A collector of another project: [Rotel](https://github.com/streamfold/rotel).

use std::{net::TcpListener, path::Path, time::Duration};

use examples::compare::Failure;
use tokio::{net::TcpStream, process::Command, time::sleep};

use super::environment::Environment;
use crate::{PATIENCE, process::Process};

/// The most attempts to start it: another process may take a port that was just free, and Rotel does not accept port 0.
const ATTEMPTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// Forwards its input as OTLP over HTTP.
pub(crate) struct Rotel {
    _process: Process,
    grpc: u16,
    http: u16,
}

impl Rotel {
    pub(crate) async fn start(environment: &Environment, destination: String) -> Result<Self, Failure> {
        let mut failure = "not tried".into();
        for _ in 0..ATTEMPTS {
            match Self::attempt(&environment.rotel, &destination).await {
                Ok(rotel) => return Ok(rotel),
                Err(reason) => failure = reason,
            }
        }
        Err(failure)
    }

    async fn attempt(program: &Path, destination: &str) -> Result<Self, Failure> {
        let [grpc, http] = free_ports()?;
        let mut command = Command::new(program);
        command
            .arg("start")
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")])
            .args(["--exporter", "otlp", "--otlp-exporter-protocol", "http"])
            .args(["--otlp-exporter-endpoint", destination])
            .arg("--disable-batching")
            .arg("--pid-file")
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rotel-{grpc}.pid")));
        let mut process = Process::start(&mut command, &[])?;
        let ready = async {
            while TcpStream::connect(("127.0.0.1", grpc)).await.is_err()
                || TcpStream::connect(("127.0.0.1", http)).await.is_err()
            {
                sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = ready => {}
            () = sleep(PATIENCE) => return Err("rotel does not listen".into()),
            status = process.child.wait() => {
                return Err(format!("rotel ended: {}\n{}", status?, process.output().join("\n")).into());
            }
        }
        Ok(Self { _process: process, grpc, http })
    }

    /// The address for this protocol.
    pub(crate) fn endpoint(&self, protocol: &str) -> String {
        format!("http://127.0.0.1:{}", if protocol == "grpc" { self.grpc } else { self.http })
    }
}

fn free_ports() -> Result<[u16; 2], Failure> {
    // Both stay bound until both are known, so that they differ.
    let listeners = [TcpListener::bind("127.0.0.1:0")?, TcpListener::bind("127.0.0.1:0")?];
    Ok([listeners[0].local_addr()?.port(), listeners[1].local_addr()?.port()])
}
