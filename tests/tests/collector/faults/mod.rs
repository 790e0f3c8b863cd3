//! Collectors that are absent, ill, or away for a while: requests do not notice, what is kept is bounded, what was kept
//! arrives, and what is lost is told to the span.
//!
//! A minute of reality is a second here.

mod recovery;
mod unaffected;

use std::{path::Path, time::Duration};

use examples::compare::{Failure, Output, Server, Stop};

use crate::{PATIENCE, backend::Backend, load::load, losses::spans_lost};

/// No request takes that long, whatever the collector does. It is less than what exports wait for.
const BEARABLE: Duration = Duration::from_secs(1);

/// How the server exports.
#[derive(Clone, Copy, Debug)]
struct Settings {
    protocol: &'static str,
    /// Milliseconds for a batch.
    timeout: &'static str,
    queue: &'static str,
    batch: &'static str,
}

/// A server that exports to a backend, and how many requests it was sent.
struct Exporting {
    server: Server,
    requests: usize,
}

impl Exporting {
    async fn start(program: &Path, backend: &Backend, settings: Settings) -> Result<Self, Failure> {
        let environment = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", backend.url()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", settings.protocol.to_owned()),
            ("OTEL_EXPORTER_OTLP_TIMEOUT", settings.timeout.to_owned()),
            ("OTEL_BSP_MAX_QUEUE_SIZE", settings.queue.to_owned()),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", settings.batch.to_owned()),
            ("OTEL_BSP_SCHEDULE_DELAY", "20".to_owned()),
        ];
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Ok(Self { server: Server::start(program, &environment).await?, requests: 0 })
    }

    /// Sends so many more requests, and checks that they are answered as if there were no telemetry.
    async fn requests(&mut self, count: usize) -> Result<(), Failure> {
        let slowest = load(self.server.address(), self.requests..self.requests + count).await?;
        self.requests += count;
        if slowest < BEARABLE { Ok(()) } else { Err(format!("a request took {slowest:?}").into()) }
    }

    /// Waits until the operator is told this.
    async fn told(&mut self, part: &str) -> Result<(), Failure> {
        let told = self.server.find_message(PATIENCE, |line| line.contains(part).then_some(())).await;
        told.ok_or_else(|| format!("nobody was told {part:?}").into())
    }

    /// Ends the server. Every span has arrived once, or is told to be lost.
    async fn stop(self, backend: &Backend) -> Result<Output, Failure> {
        let output = self.server.stop(Stop::Terminate).await?;
        let (kept, lost) = (backend.kept(), spans_lost(&output.stderr));
        if let Some(twice) = kept.iter().find(|(_, times)| **times > 1) {
            return Err(format!("kept more than once: {twice:?}").into());
        }
        if kept.len() + lost != self.requests {
            return Err(format!("{} kept, {lost} lost of {}: {}", kept.len(), self.requests, output.stderr).into());
        }
        Ok(output)
    }
}
