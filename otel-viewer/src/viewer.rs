//! The thread that serves, from its start to its end.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use opentelemetry::Context;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::otlp::Malformed;
use crate::server::{self, Shared};
use crate::settings::Settings;
use crate::store::{RunningSpan, Store};

/// A running viewer. Dropping it ends its thread and drops the kept data.
#[derive(Debug)]
pub struct Viewer {
    shared: Arc<Shared>,
    address: SocketAddr,
    /// Dropped to end the thread.
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Viewer {
    /// Binds the port and serves on a thread and a runtime of its own, so that an application with a busy runtime, or
    /// without one, is shown like any other. The thread leaves no telemetry.
    ///
    /// # Errors
    ///
    /// If the port is taken or the thread cannot be started.
    pub fn start(settings: Settings) -> io::Result<Self> {
        // Bound here, so that the caller gets the result. IPv4 alone, because host names resolve to it everywhere.
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, settings.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let token = settings.token.unwrap_or_else(|| format!("{:032x}", rand::random::<u128>()));
        let shared = Arc::new(Shared {
            store: Store::new(settings.memory, settings.service.as_deref().unwrap_or_default()),
            token,
        });
        let (end, ended) = oneshot::channel();
        let served = Arc::clone(&shared);
        let runtime = runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let thread = std::thread::Builder::new().name("otel-viewer".to_owned()).spawn(move || {
            let _quiet = Context::enter_telemetry_suppressed_scope();
            runtime.block_on(server::serve(listener, served, ended));
        })?;
        Ok(Self { shared, address, end: Some(end), thread: Some(thread) })
    }

    /// The link to the page. Everybody with the link can read the kept data.
    #[must_use]
    pub fn link(&self) -> String {
        format!("http://{}/?token={}", self.address, self.shared.token)
    }

    /// The address of the viewer.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token of the link, which requests of tools send as `Authorization: Bearer …`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// Keeps the spans of an `ExportTraceServiceRequest` in protobuf.
    ///
    /// # Errors
    ///
    /// If the bytes are no such message ([`Malformed`]); then nothing of them is kept.
    pub fn receive_spans(&self, request: &[u8]) -> Result<(), Malformed> {
        self.shared.store.add_spans(request)
    }

    /// Keeps the log records of an `ExportLogsServiceRequest` in protobuf that belong to a trace.
    ///
    /// # Errors
    ///
    /// If the bytes are no such message ([`Malformed`]); then nothing of them is kept.
    pub fn receive_logs(&self, request: &[u8]) -> Result<(), Malformed> {
        self.shared.store.add_logs(request)
    }

    /// Adds the request durations of an `ExportMetricsServiceRequest` in protobuf to the table of routes.
    ///
    /// # Errors
    ///
    /// If the bytes are no such message ([`Malformed`]); then nothing of them is kept.
    pub fn receive_metrics(&self, request: &[u8]) -> Result<(), Malformed> {
        self.shared.store.add_metrics(request)
    }

    /// Shows a span while it runs. It is shown until it [arrives](Self::receive_spans), or until some seconds after it
    /// has [ended](Self::span_ended).
    pub fn span_started(&self, span: RunningSpan) {
        self.shared.store.started(span);
    }

    /// Records that a span has ended, whether it will arrive or not.
    pub fn span_ended(&self, span_id: [u8; 8]) {
        self.shared.store.ended(span_id);
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        drop(self.end.take());
        // A panic of the thread has been printed.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
