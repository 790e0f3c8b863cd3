//! Servers as processes: started on a free port, stopped by a signal, never left behind.

use std::{
    env,
    error::Error,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::{ExitStatus, Stdio},
    thread,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, BufReader},
    process::{Child, Command},
    sync::watch,
    time::timeout,
};

use crate::listen;

/// The longest time that a server may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// The reason why the comparison cannot be made.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The signal to stop a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// `SIGINT`, as Ctrl-C sends it.
    Interrupt,
    /// `SIGTERM`, as `kill`, systemd and Kubernetes send it.
    Terminate,
}

/// The output of a program that has stopped.
#[derive(Debug)]
pub struct Output {
    /// Its exit status.
    pub status: ExitStatus,
    /// Its standard output, line by line.
    pub stdout: Vec<String>,
    /// Its standard error.
    pub stderr: String,
}

/// A running server; it is killed if it is dropped before it was stopped.
#[derive(Debug)]
pub struct Server {
    name: String,
    child: Child,
    address: SocketAddr,
    stdout: Lines,
    stderr: Lines,
}

/// The lines of an output stream so far, until its end.
type Lines = watch::Receiver<Vec<String>>;

impl Server {
    /// Starts `program` on a free port and waits until it prints the address.
    ///
    /// The program sees no `OTEL_*` variables except `environment`, and exports neither metrics nor logs unless that
    /// turns them on.
    ///
    /// # Errors
    ///
    /// If the program does not start, ends, or does not print its address within 30 seconds.
    pub async fn start(program: &Path, environment: &[(&str, &str)]) -> Result<Self, Failure> {
        let name = program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        let mut child = command(program, environment)
            .env(listen::ADDRESS_VARIABLE, "127.0.0.1:0")
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let stdout = child.stdout.take().map(read_lines).ok_or("no standard output")?;
        let stderr = child.stderr.take().map(read_lines).ok_or("no standard error")?;
        let mut server = Self { name, child, address: (Ipv4Addr::UNSPECIFIED, 0).into(), stdout, stderr };
        let address = |line: &str| line.strip_prefix(listen::ANNOUNCEMENT)?.parse().ok();
        match server.find_line(PATIENCE, address).await {
            Some(address) => server.address = address,
            None => return Err(server.give_up().await),
        }
        Ok(server)
    }

    /// Waits for a line of standard output, earlier or later, in which `find` finds something.
    pub async fn find_line<T>(&mut self, within: Duration, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        find_line(&mut self.stdout, within, find).await
    }

    /// As [`find_line`](Self::find_line), in standard error.
    pub async fn find_message<T>(&mut self, within: Duration, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        find_line(&mut self.stderr, within, find).await
    }

    /// Returns the reason why there is no server.
    async fn give_up(mut self) -> Failure {
        let _ = self.child.kill().await;
        format!("{} does not listen: {}", self.name, all(&mut self.stderr).await.join("\n")).into()
    }

    /// The address of the server.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Stops the server, and waits for its end.
    ///
    /// # Errors
    ///
    /// If it does not stop within 30 seconds (then it is killed), or ends with an error.
    pub async fn stop(mut self, how: Stop) -> Result<Output, Failure> {
        signal(&mut self.child, how)?;
        let Ok(status) = timeout(PATIENCE, self.child.wait()).await else {
            return Err(format!("{} still runs {PATIENCE:?} after {how:?}", self.name).into());
        };
        let stderr = all(&mut self.stderr).await.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
        let output = Output { status: status?, stdout: all(&mut self.stdout).await, stderr };
        if output.status.success() {
            Ok(output)
        } else {
            Err(format!("{} ended with {} after {how:?}: {}", self.name, output.status, output.stderr).into())
        }
    }
}

impl Drop for Server {
    /// Kills a process that still runs, and waits for its end, which takes milliseconds.
    fn drop(&mut self) {
        if self.child.start_kill().is_ok() {
            let dead = |child: &mut Child| !matches!(child.try_wait(), Ok(None));
            for _ in 0..1000 {
                if dead(&mut self.child) {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}

/// Runs `program` to its end.
///
/// # Errors
///
/// If it does not start, or does not end within 30 seconds (then it is killed).
pub(super) async fn run(program: &Path, arguments: &[String]) -> Result<Output, Failure> {
    let child = command(program, &[]).args(arguments).spawn()?;
    let output = timeout(PATIENCE, child.wait_with_output()).await??;
    Ok(Output {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

fn command(program: &Path, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("OTEL_") {
            command.env_remove(name);
        }
    }
    // Only the spans are compared; other signals have no collector.
    command
        .envs([("OTEL_METRICS_EXPORTER", "none"), ("OTEL_LOGS_EXPORTER", "none")])
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

#[cfg(unix)]
fn signal(child: &mut Child, how: Stop) -> Result<(), Failure> {
    use rustix::process::{Pid, Signal, kill_process};

    let id = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?)).ok_or("the server has already ended")?;
    let signal = match how {
        Stop::Interrupt => Signal::INT,
        Stop::Terminate => Signal::TERM,
    };
    Ok(kill_process(id, signal)?)
}

#[cfg(not(unix))]
fn signal(_child: &mut Child, how: Stop) -> Result<(), Failure> {
    Err(format!("{how:?}: sending signals needs a Unix system").into())
}

/// Collects lines as they come.
fn read_lines(output: impl AsyncRead + Send + Unpin + 'static) -> Lines {
    let (sender, lines) = watch::channel(Vec::new());
    tokio::spawn(async move {
        let mut pieces = BufReader::new(output).split(b'\n');
        while let Ok(Some(piece)) = pieces.next_segment().await {
            sender.send_modify(|lines| lines.push(String::from_utf8_lossy(&piece).into_owned()));
        }
    });
    lines
}

async fn find_line<T>(lines: &mut Lines, within: Duration, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut found = None;
    let lines = lines.wait_for(|lines| {
        found = lines.iter().find_map(|line| find(line));
        found.is_some()
    });
    // An error ends the output, and the wait as well.
    let _ = timeout(within, lines).await;
    found
}

/// Waits for the end of the output.
async fn all(lines: &mut Lines) -> Vec<String> {
    while lines.changed().await.is_ok() {}
    lines.borrow().clone()
}
