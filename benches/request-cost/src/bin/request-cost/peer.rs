//! Processes of a run over the wire.

use std::env;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use request_cost::measure::{LONG_QUEUE, Result};

/// A process that listens on a port, and ends with its input.
pub(super) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

/// Variables of a server that exports to a collector on this machine, and drops no span.
pub(super) fn exporting_to(collector: u16) -> [(&'static str, String); 2] {
    let (queue, length) = LONG_QUEUE;
    [(queue, length.to_owned()), ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("http://127.0.0.1:{collector}"))]
}

impl Peer {
    /// Starts this program again, with other arguments. Returns the process and its port.
    pub(super) fn start<const N: usize>(
        arguments: [&str; N],
        variables: &[(&'static str, String)],
    ) -> Result<(Self, u16)> {
        let mut command = Command::new(env::current_exe()?);
        command.args(arguments).envs(variables.iter().map(|(name, value)| (name, value)));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().ok_or("a process without output")?);
        let mut peer = Self { child, input, output };
        let port = peer.line()?.trim().parse()?;
        Ok((peer, port))
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line)
    }

    /// The id of the process.
    #[cfg(feature = "viewer")]
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends a line, and returns the line that answers it.
    pub(super) fn ask(&mut self) -> Result<String> {
        writeln!(self.input.as_mut().ok_or("a process without input")?)?;
        self.line()
    }

    /// Ends the process, and returns the rest of its output.
    pub(super) fn end(mut self) -> Result<String> {
        drop(self.input.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest)?;
        Ok(rest)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
