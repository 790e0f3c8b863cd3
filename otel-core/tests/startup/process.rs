//! Runs a child process and reads its output.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The output of a child process.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
    pub(crate) success: bool,
}

impl Outcome {
    /// Runs a command to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let started = Instant::now();
        let output = command.output().unwrap();
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            took: started.elapsed(),
            success: output.status.success(),
        }
    }

    /// The spans on standard output. The test harness writes lines of its own, none of which starts with `{`.
    pub(crate) fn spans(&self) -> Vec<serde_json::Value> {
        let objects = self.stdout.lines().filter(|line| line.starts_with('{'));
        objects.map(|line| serde_json::from_str(line).expect("a line is one whole object")).collect()
    }

    /// The messages of one level on standard error.
    pub(crate) fn messages(&self, level: &str) -> Vec<&str> {
        let prefix = format!("otel-actix: {level} ");
        self.stderr.lines().filter_map(|line| line.strip_prefix(prefix.as_str())).collect()
    }
}

/// The command that runs one test of [`child`](crate::child), or of another module of that name, with these variables
/// and no others.
pub(crate) fn command(scenario: &str, variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let scenario = if scenario.contains("::") { scenario.to_owned() } else { format!("child::{scenario}") };
    command.args(["--quiet", "--nocapture", "--include-ignored", "--exact", &scenario]);
    command.env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end.
pub(crate) fn run(scenario: &str, variables: &[(&str, &str)]) -> Outcome {
    Outcome::of(&mut command(scenario, variables))
}
