//! The official decoder: `collector/receive.py`.

use examples::compare::Failure;
use serde_json::Value;
use tokio::process::Command;

use super::{
    environment::{self, Environment},
    export::{Part, Telemetry},
};
use crate::process::Process;

/// Receives OTLP over gRPC and HTTP and keeps it, decoded.
pub(crate) struct Receiver {
    process: Process,
    grpc: u16,
    http: u16,
}

impl Receiver {
    pub(crate) async fn start(environment: &Environment) -> Result<Self, Failure> {
        let mut command = Command::new(&environment.python);
        let mut process = Process::start(command.arg(environment::folder().join("receive.py")), &[])?;
        let (grpc, http) = process.find(|lines| lines.iter().find_map(|line| ports(line))).await?;
        Ok(Self { process, grpc, http })
    }

    /// The address for OTLP/HTTP.
    pub(crate) fn http(&self) -> String {
        format!("http://127.0.0.1:{}", self.http)
    }

    /// The address for this protocol.
    pub(crate) fn endpoint(&self, protocol: &str) -> String {
        if protocol == "grpc" { format!("http://127.0.0.1:{}", self.grpc) } else { self.http() }
    }

    /// Waits for spans, metrics and log records of the process whose resource has this attribute `run`.
    pub(crate) async fn telemetry(&mut self, run: &str) -> Result<Telemetry, Failure> {
        let find = |lines: &[String]| {
            let parts = lines.iter().filter_map(|line| Part::parse(&serde_json::from_str(line).ok()?));
            Telemetry::of(parts.filter(|part| part.resource["run"] == run))
        };
        self.process.find(find).await
    }

    /// Fails if it could not decode a message, or if Python raised an exception.
    pub(crate) fn complaints(&self) -> Result<(), Failure> {
        let fine = |line: &String| ports(line).is_some() || export(line).is_some();
        let complaints: Vec<String> = self.process.output().into_iter().filter(|line| !fine(line)).collect();
        if complaints.is_empty() { Ok(()) } else { Err(complaints.join("\n").into()) }
    }
}

fn export(line: &str) -> Option<Part> {
    let line: Value = serde_json::from_str(line).ok()?;
    Part::parse(&line)
}

fn ports(line: &str) -> Option<(u16, u16)> {
    let (grpc, http) = line.strip_prefix("listening on grpc=")?.split_once(" http=")?;
    Some((grpc.parse().ok()?, http.parse().ok()?))
}
