//! Helper processes: their output line by line, and their end with the test.

use std::process::Stdio;

use examples::compare::Failure;
use rustix::process::{Pid, Signal, kill_process};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

use crate::PATIENCE;

/// A process that is killed when it is dropped. Its standard input stays open until it is closed.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) child: Child,
    /// Standard output and standard error.
    lines: watch::Receiver<Vec<String>>,
}

impl Process {
    /// Starts the process with this environment only.
    pub(crate) fn start(command: &mut Command, environment: &[(&str, &str)]) -> Result<Self, Failure> {
        let mut child = command
            .env_clear()
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (sender, lines) = watch::channel(Vec::new());
        tokio::spawn(collect(child.stdout.take(), sender.clone()));
        tokio::spawn(collect(child.stderr.take(), sender));
        Ok(Self { child, lines })
    }

    /// Waits until `find` finds something in the output so far.
    pub(crate) async fn find<T>(&mut self, find: impl Fn(&[String]) -> Option<T>) -> Result<T, Failure> {
        let mut found = None;
        let wait = self.lines.wait_for(|lines| {
            found = find(lines);
            found.is_some()
        });
        let _ = timeout(PATIENCE, wait).await;
        found.ok_or_else(|| format!("waited in vain; the output was\n{}", self.output().join("\n")).into())
    }

    /// Ends its standard input.
    pub(crate) fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Sends a signal.
    pub(crate) fn signal(&self, signal: Signal) -> Result<(), Failure> {
        let id = self.child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)).ok_or("it has ended")?;
        Ok(kill_process(id, signal)?)
    }

    /// Its output so far.
    pub(crate) fn output(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }
}

async fn collect(output: Option<impl AsyncRead + Unpin>, lines: watch::Sender<Vec<String>>) {
    let Some(output) = output else { return };
    let mut read = BufReader::new(output).lines();
    while let Ok(Some(line)) = read.next_line().await {
        lines.send_modify(|lines| lines.push(line));
    }
}
