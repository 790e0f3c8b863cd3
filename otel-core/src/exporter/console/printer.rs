//! The part that all console exporters share: format a whole object, then write it in one piece.

use std::fmt;
use std::io::{self, IsTerminal, Stdout, Write};
use std::sync::{Mutex, PoisonError};

use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use serde::Serialize as _;
use serde_json::ser::PrettyFormatter;

use super::json_value::Json;

/// The layout of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Layout {
    /// Indented by four spaces, for people.
    Pretty,
    /// One line per object, for programs.
    Lines,
}

pub(super) struct Printer<W> {
    writer: Mutex<W>,
    layout: Layout,
}

impl Printer<Stdout> {
    /// Writes to standard output: [`Layout::Pretty`] on a terminal, [`Layout::Lines`] otherwise.
    pub(super) fn stdout() -> Self {
        let stdout = io::stdout();
        let layout = if stdout.is_terminal() { Layout::Pretty } else { Layout::Lines };
        Self::new(stdout, layout)
    }
}

impl<W: Write> Printer<W> {
    pub(super) fn new(writer: W, layout: Layout) -> Self {
        Self { writer: Mutex::new(writer), layout }
    }

    /// Prints each object in one `write_all`, then flushes.
    pub(super) fn print<'a>(&self, objects: impl IntoIterator<Item = Json<'a>>) -> OTelSdkResult {
        self.write(objects).map_err(|error| OTelSdkError::InternalFailure(format!("console: {error}")))
    }

    fn write<'a>(&self, objects: impl IntoIterator<Item = Json<'a>>) -> io::Result<()> {
        // A panic of the writer in another thread is no reason to lose this batch.
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = Vec::with_capacity(2048);
        for object in objects {
            buffer.clear();
            self.format(&object, &mut buffer)?;
            // One write per object, not per batch: a pipe keeps up to 4 KiB in one piece even between processes.
            writer.write_all(&buffer)?;
        }
        writer.flush()
    }

    fn format(&self, object: &Json<'_>, buffer: &mut Vec<u8>) -> serde_json::Result<()> {
        match self.layout {
            Layout::Lines => object.serialize(&mut serde_json::Serializer::new(&mut *buffer))?,
            Layout::Pretty => {
                let formatter = PrettyFormatter::with_indent(b"    ");
                object.serialize(&mut serde_json::Serializer::with_formatter(&mut *buffer, formatter))?;
            }
        }
        buffer.push(b'\n');
        Ok(())
    }
}

impl<W> fmt::Debug for Printer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Printer").field("layout", &self.layout).finish_non_exhaustive()
    }
}
