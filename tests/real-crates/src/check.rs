//! Cargo on a copy: warnings, and tests.

use std::collections::{BTreeMap, BTreeSet};
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
///
/// # Errors
///
/// If the library does not compile. Lints are warnings at most, so nothing else fails.
pub(crate) fn lint(folder: &Path, target: &Path) -> io::Result<Messages> {
    let arguments = ["clippy", "--lib", "--profile", "test", "--message-format", "json", "--", "--cap-lints", "warn"];
    let output = cargo(folder, target, &arguments).output()?;
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
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("it does not compile:\n{messages}{errors}")));
    }
    Ok(messages)
}

/// The unit tests by name, each with its outcome: `ok`, `FAILED` or `ignored`. Some tests need files that are not published,
/// and fail in every copy.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcomes(BTreeMap<String, String>);

impl Outcomes {
    /// The tests whose outcome is another one there.
    pub(crate) fn different_in<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let all = self.0.keys().chain(other.0.keys()).collect::<BTreeSet<_>>();
        all.into_iter().filter(|&name| self.0.get(name) != other.0.get(name)).map(String::as_str).collect()
    }
}

impl fmt::Display for Outcomes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |wanted: &str| self.0.values().filter(|outcome| outcome.as_str() == wanted).count();
        write!(f, "{} passed", count("ok"))?;
        match count("FAILED") {
            0 => Ok(()),
            failed => write!(f, "; {failed} fail without the attribute, too"),
        }
    }
}

/// Runs the unit tests. `Err` holds the output of Cargo if none passes.
pub(crate) fn test(folder: &Path, target: &Path, with_telemetry: bool) -> Result<Outcomes, String> {
    let mut command = cargo(folder, target, &["test", "--lib"]);
    if with_telemetry {
        command.env(real_crates::TELEMETRY, "1");
    }
    let output = command.output().map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    // test date::tests::leap_years ... ok
    let outcomes: BTreeMap<_, _> = printed
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(name, outcome)| (name.to_owned(), outcome.split(',').next().unwrap_or(outcome).to_owned()))
        .collect();
    // A process that ends early prints no result.
    if !outcomes.values().any(|outcome| outcome == "ok") || !printed.contains("\ntest result: ") {
        return Err(printed.into_owned() + &String::from_utf8_lossy(&output.stderr));
    }
    Ok(Outcomes(outcomes))
}

fn cargo(folder: &Path, target: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target);
    // Features and profiles of the workspace's own build.
    command.env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only").env("CARGO_TERM_COLOR", "never");
    command
}
