//! Calls of the compiler.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Calls the compiler, through the user's own wrapper if there is one.
pub(super) fn call<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<ExitStatus> {
    prepared(command, wrapper)?.status().context("the compiler cannot be called")
}

/// The end of a compiler that did not succeed.
#[derive(Debug)]
pub(super) struct Failure {
    /// The errors as a person reads them.
    pub(super) text: String,
    /// `true` if the code is the reason: the compiler names a place in it, or crashes. Otherwise the next call may succeed:
    /// the disk was full, or a wrapper of the user's own failed.
    pub(super) is_of_code: bool,
}

/// Calls the compiler, and calls it once more if it fails for another reason than the code. See [`call_once`] for messages.
///
/// # Errors
///
/// If somebody stopped the compiler: that says nothing about the crate.
pub(super) fn try_call<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<Result<(), Failure>> {
    match call_once(command, wrapper)? {
        Err(failure) if !failure.is_of_code => call_once(command, wrapper),
        result => Ok(result),
    }
}

/// Calls the compiler, but keeps its errors.
///
/// Its messages about written files wait for the end. With the first one, the metadata, cargo starts the crates above, and
/// they could not be linked to another build of this crate: the original, if the compiler still fails. Other messages are
/// passed on at once.
fn call_once<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<Result<(), Failure>> {
    let mut child =
        prepared(command, wrapper)?.stderr(Stdio::piped()).spawn().context("the compiler cannot be called")?;
    let messages = child.stderr.take().context("no messages of the compiler")?;
    let mut errors = String::new();
    let mut names_a_place = false;
    let mut artifacts = Vec::new();
    // A wrapper of the user's own may print any bytes.
    for line in BufReader::new(messages).split(b'\n').map_while(Result::ok) {
        let message: Message = serde_json::from_slice(&line).unwrap_or_default();
        if message.artifact.is_some() {
            artifacts.push(line);
        } else if matches!(message.level.as_deref(), Some("error" | "failure-note")) {
            errors.push_str(&message.rendered.unwrap_or_default());
            names_a_place |= message.code.is_some() || !message.spans.is_empty();
        } else {
            pass_on(&line);
        }
    }
    let status = child.wait()?;
    ensure!(!is_stopped(status), "the compiler was stopped: {status}");
    if !status.success() {
        // A panic of the compiler has a code of its own.
        let has_crashed = status.code().is_none_or(|code| code == 101);
        return Ok(Err(Failure { text: errors, is_of_code: names_a_place || has_crashed }));
    }
    for line in &artifacts {
        pass_on(line);
    }
    Ok(Ok(()))
}

/// Passes a message on to cargo, if it still listens.
fn pass_on(line: &[u8]) {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(line).and_then(|()| stderr.write_all(b"\n"));
}

/// Returns `true` if a person or the system stopped the compiler, for example because memory ran out. The signals of a
/// crash are not among these: the crate may be the reason of a crash.
#[cfg(unix)]
pub(super) fn is_stopped(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;

    const SIGHUP: i32 = 1;
    const SIGINT: i32 = 2;
    const SIGKILL: i32 = 9;
    const SIGTERM: i32 = 15;
    matches!(status.signal(), Some(SIGHUP | SIGINT | SIGKILL | SIGTERM))
}

#[cfg(not(unix))]
pub(super) fn is_stopped(_: ExitStatus) -> bool {
    false
}

/// The parts of a [message](https://doc.rust-lang.org/rustc/json.html) that matter here.
#[derive(Debug, Default, Deserialize)]
struct Message {
    level: Option<String>,
    /// The text as a person reads it.
    rendered: Option<String>,
    code: Option<IgnoredAny>,
    /// The places in the code.
    #[serde(default)]
    spans: Vec<IgnoredAny>,
    /// The path of a written file, in a message of another kind.
    artifact: Option<String>,
}

fn prepared<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<Command> {
    let mut parts = wrapper.into_iter().chain(command.iter().map(AsRef::as_ref));
    let mut prepared = Command::new(parts.next().context("no compiler")?);
    prepared.args(parts);
    Ok(prepared)
}
