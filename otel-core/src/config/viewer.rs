//! The viewer in this process.

use std::fmt;

use super::source::Source;

/// The port after OTLP's two, which a collector on this machine may have.
const PORT: u16 = 4319;

/// The largest memory that can be set, in MiB.
const MOST: usize = 1 << 20;

/// Settings of the viewer (`OTEL_TRACES_EXPORTER=viewer`).
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ViewerSettings {
    /// `OTEL_RUST_VIEWER_PORT`. `None`: 4319, or any that is free if that one is taken.
    pub port: Option<u16>,
    /// `OTEL_RUST_VIEWER_MEMORY`: the most memory for telemetry, in MiB.
    pub memory: usize,
    /// `OTEL_RUST_VIEWER_TOKEN`: the token in the link. `None`: a random one.
    pub token: Option<String>,
}

impl fmt::Debug for ViewerSettings {
    /// Shows no token, which gives access to all telemetry.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, memory, .. } = self;
        f.debug_struct("ViewerSettings").field("port", port).field("memory", memory).finish_non_exhaustive()
    }
}

impl ViewerSettings {
    /// The port if none is set.
    pub const DEFAULT_PORT: u16 = PORT;

    pub(super) fn read(source: &mut Source<'_>) -> Self {
        Self {
            port: source.number("OTEL_RUST_VIEWER_PORT", 0..=u16::MAX, PORT),
            memory: source.number("OTEL_RUST_VIEWER_MEMORY", 1..=MOST, 64).unwrap_or(64),
            token: source.text("OTEL_RUST_VIEWER_TOKEN"),
        }
    }
}
