//! Instructions per request, counted by valgrind's callgrind on the thread that serves them.
//!
//! The driver runs itself under callgrind, with few and with more requests. The difference is what requests cost: without
//! the start, without the first requests, and without what other threads do, since callgrind counts per thread.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use super::{Result, per};
use crate::subject::Subject;

/// Requests of the shorter run.
const FEW: usize = 500;

/// Requests of the longer run.
const MORE: usize = 2_000;

/// The first argument of the process that callgrind watches.
pub const COMMAND: &str = "serve";

/// Whether valgrind can be run.
#[must_use]
pub fn is_available() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Instructions per request.
///
/// # Errors
///
/// There is no valgrind, or the process failed.
pub fn instructions(subject: Subject) -> Result<f64> {
    instructions_between(subject, FEW, MORE)
}

/// Instructions per request, on average of those after the first `few`, up to `more`.
///
/// # Errors
///
/// There is no valgrind, or the process failed.
pub fn instructions_between(subject: Subject, few: usize, more: usize) -> Result<f64> {
    let (first, all) = (total(subject, few)?, total(subject, more)?);
    let (difference, requests) = (all.saturating_sub(first), more.saturating_sub(few).max(1));
    Ok(per(difference, requests))
}

/// Instructions of the thread that serves `count` requests, from the start of the process to its end.
fn total(subject: Subject, count: usize) -> Result<u64> {
    let folder = Folder::new(subject, count)?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--separate-threads=yes", "--fair-sched=yes"])
        .arg(format!("--callgrind-out-file={}", folder.0.join("out").display()))
        .arg(env::current_exe()?)
        .arg(COMMAND)
        .args(subject.to_arguments())
        .arg(count.to_string())
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(format!("valgrind: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    totals(&folder.0.join("out-01"))
}

/// What a profile says of all of its thread.
fn totals(profile: &Path) -> Result<u64> {
    let text = fs::read_to_string(profile).map_err(|error| format!("{}: {error}", profile.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("a profile without totals")?;
    Ok(total.trim().parse()?)
}

/// A folder for the profiles of one run, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(subject: Subject, count: usize) -> Result<Self> {
        let name = format!("request-cost-{}-{}-{count}", process::id(), subject.to_arguments().join("-"));
        let folder = env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays where the system keeps temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
