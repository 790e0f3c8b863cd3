//! Calls of the compiler.

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result};
use serde::Deserialize;

/// Calls the compiler, through the user's own wrapper if there is one.
pub(super) fn call<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<ExitStatus> {
    prepared(command, wrapper)?.status().context("the compiler cannot be called")
}

/// Calls the compiler, but keeps its errors. Other messages are passed on at once: cargo starts the crates above this
/// one as soon as the compiler reports that it wrote the metadata.
pub(super) fn try_call<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<Result<(), Vec<String>>> {
    let mut child =
        prepared(command, wrapper)?.stderr(Stdio::piped()).spawn().context("the compiler cannot be called")?;
    let messages = child.stderr.take().context("no messages of the compiler")?;
    let mut errors = Vec::new();
    for line in BufReader::new(messages).lines() {
        let line = line?;
        let message = serde_json::from_str::<Message>(&line).ok();
        if message.is_some_and(|message| matches!(message.level.as_deref(), Some("error" | "failure-note"))) {
            errors.push(line);
        } else {
            writeln!(io::stderr().lock(), "{line}")?;
        }
    }
    Ok(if child.wait()?.success() { Ok(()) } else { Err(errors) })
}

/// The text of the compiler's messages, as a person reads it.
pub(super) fn rendered(errors: &[String]) -> String {
    errors.iter().filter_map(|line| serde_json::from_str::<Message>(line).ok()?.rendered).collect()
}

#[derive(Debug, Deserialize)]
struct Message {
    level: Option<String>,
    rendered: Option<String>,
}

fn prepared<S: AsRef<OsStr>>(command: &[S], wrapper: Option<&OsStr>) -> Result<Command> {
    let mut parts = wrapper.into_iter().chain(command.iter().map(AsRef::as_ref));
    let mut prepared = Command::new(parts.next().context("no compiler")?);
    prepared.args(parts);
    Ok(prepared)
}
