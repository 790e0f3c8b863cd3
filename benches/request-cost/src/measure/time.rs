//! The time that the serving thread runs per request, in rounds: the variants take turns for a moment each, so that
//! other work of the machine affects all of them.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::{Result, median, per};
use crate::clock::thread_time;
use crate::subject::Subject;

/// The first argument of the processes that serve in rounds.
pub const COMMAND: &str = "rounds";

/// Requests per round: fewer than fit into a queue of the default length, which is empty again after the turns of the
/// others. A longer queue would be slower than usual ones, because it does not fit into caches.
const REQUESTS: usize = 1_000;

/// The number of rounds, without the ones to warm up.
const ROUNDS: usize = 151;

/// The time of a subject.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// Nanoseconds per request beyond the first subject's.
    pub nanoseconds: f64,
    /// The same, as a multiple of the second subject's time beyond the first.
    pub ratio: f64,
}

/// Times of `subjects` beyond the first of them, medians over the rounds.
///
/// # Errors
///
/// If there are no two subjects to compare with, or a process failed.
pub fn compare(subjects: &[Subject]) -> Result<Vec<Time>> {
    let mut processes = subjects.iter().map(|&subject| Process::start(subject)).collect::<Result<Vec<_>>>()?;
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let times = processes.iter_mut().map(|process| process.serve(REQUESTS)).collect::<Result<Vec<_>>>()?;
        if round > 0 {
            rounds.push(times);
        }
    }
    let (Some(bare), Some(reference)) = (column(&rounds, 0), column(&rounds, 1)) else {
        return Err("nothing to compare with".into());
    };
    let reference = beyond(&reference, &bare);
    let mut times = Vec::new();
    for index in 0..subjects.len() {
        let Some(column) = column(&rounds, index) else { continue };
        // The ratio of each round, because other work in a round affects all of it.
        let difference = beyond(&column, &bare);
        let ratios = difference.iter().zip(&reference).map(|(time, reference)| time / reference).collect();
        times.push(Time { nanoseconds: median(difference), ratio: median(ratios) });
    }
    Ok(times)
}

fn column(rounds: &[Vec<f64>], index: usize) -> Option<Vec<f64>> {
    rounds.iter().map(|round| round.get(index).copied()).collect()
}

fn beyond(times: &[f64], base: &[f64]) -> Vec<f64> {
    times.iter().zip(base).map(|(time, base)| time - base).collect()
}

/// A process that serves on command.
struct Process {
    child: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Process {
    fn start(subject: Subject) -> Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .arg(COMMAND)
            .args(subject.to_arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let commands = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().ok_or("a process without output")?);
        Ok(Self { child, commands, answers })
    }

    /// Serves `count` requests: nanoseconds per request.
    fn serve(&mut self, count: usize) -> Result<f64> {
        let commands = self.commands.as_mut().ok_or("a process without input")?;
        writeln!(commands, "{count}")?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(line.trim().parse().map_err(|error| format!("a process answered {line:?}: {error}"))?)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The end of its input ends the process.
        drop(self.commands.take());
        let _ = self.child.wait();
    }
}

/// The work of such a process: reads how many requests to serve, prints nanoseconds per request, until its input ends.
///
/// # Errors
///
/// If a request was not served, or the input is not a number.
pub fn serve_rounds(subject: Subject) -> Result<()> {
    subject.run(|load| {
        for line in std::io::stdin().lines() {
            let count: usize = line?.trim().parse()?;
            let requests = load.requests(count);
            let start = thread_time();
            load.send(requests)?;
            writeln!(std::io::stdout(), "{}", per(thread_time() - start, count))?;
        }
        Ok(())
    })
}
