//! Cargo on a copy: warnings, and tests.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::{fmt, io};

use serde_json::Value;

/// Warnings and errors by their text, each with the number of places.
#[derive(Debug, Default)]
pub(crate) struct Messages(BTreeMap<String, usize>);

impl Messages {
    /// Those of which there are more here than there.
    pub(crate) fn without(self, other: &Self) -> Self {
        let more = |(text, count): (String, usize)| {
            let count = count.saturating_sub(other.0.get(&text).copied().unwrap_or(0));
            (count > 0).then_some((text, count))
        };
        Self(self.0.into_iter().filter_map(more).collect())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.values().sum()
    }
}

impl fmt::Display for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(text, count)| writeln!(f, "  {count} x {text}"))
    }
}

/// All that clippy says about the library with its tests: the lints of the compiler are among them.
pub(crate) fn lint(folder: &Path, target: &Path) -> io::Result<Messages> {
    let output =
        cargo(folder, target, &["clippy", "--lib", "--profile", "test", "--message-format", "json"]).output()?;
    let mut messages = Messages::default();
    let text = String::from_utf8_lossy(&output.stdout);
    for line in text.lines() {
        let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
        let (message, code) = (&line["message"]["message"], &line["message"]["code"]["code"]);
        let is_summary = line["message"]["spans"].as_array().is_none_or(Vec::is_empty);
        if let (Some(message), false) = (message.as_str(), is_summary) {
            *messages.0.entry(format!("{}: {message}", code.as_str().unwrap_or("error"))).or_default() += 1;
        }
    }
    if !output.status.success() && messages.0.is_empty() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(messages)
}

/// Runs the unit tests. `Err` holds what Cargo printed.
pub(crate) fn test(folder: &Path, target: &Path, with_telemetry: bool) -> Result<String, String> {
    let mut command = cargo(folder, target, &["test", "--lib", "-q"]);
    if with_telemetry {
        command.env(real_crates::TELEMETRY, "1");
    }
    let output = command.output().map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        let verdict = printed.lines().find(|line| line.starts_with("test result")).unwrap_or("no tests");
        return Ok(verdict.split(';').next().unwrap_or(verdict).replace("test result: ok. ", ""));
    }
    Err(printed + &String::from_utf8_lossy(&output.stderr))
}

fn cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target);
    // Features and profiles of the workspace's own build.
    command.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only").env("CARGO_TERM_COLOR", "never");
    command
}
