//! Collectors that are absent, faulty, or away for a while: requests are not affected, the queue is bounded, queued
//! spans arrive, and losses are reported to the exact span.
//!
//! A minute of reality is a second here.

mod recovery;
mod unaffected;

use std::{path::Path, time::Duration};

use examples::compare::{Failure, Output, Server, Stop};

use crate::{PATIENCE, backend::Backend, load::load, losses::spans_lost};

/// The longest time of a request, whatever the collector does. It is less than the wait of an export.
const BEARABLE: Duration = Duration::from_secs(1);

/// The settings of the server's export.
#[derive(Clone, Copy, Debug)]
struct Settings {
    protocol: &'static str,
    /// Milliseconds for a batch.
    timeout: &'static str,
    queue: &'static str,
    batch: &'static str,
}

/// A server that exports to a backend, and the number of its requests.
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

    /// Sends `count` more requests, and checks that they are answered as without telemetry.
    async fn requests(&mut self, count: usize) -> Result<(), Failure> {
        let slowest = load(self.server.address(), self.requests..self.requests + count).await?;
        self.requests += count;
        if slowest < BEARABLE { Ok(()) } else { Err(format!("a request took {slowest:?}").into()) }
    }

    /// Waits for this message to the operator.
    async fn told(&mut self, part: &str) -> Result<(), Failure> {
        let told = self.server.find_message(PATIENCE, |line| line.contains(part).then_some(())).await;
        told.ok_or_else(|| format!("nobody was told {part:?}").into())
    }

    /// Stops the server. Every span has arrived once, or is reported as lost.
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
