//! Instructions per request, counted by valgrind's callgrind on the thread that serves them.
//!
//! The driver runs itself under callgrind, which counts per thread and only within [`Load::send_counted`]: neither the
//! start, nor the first requests, nor the work of other threads.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, process};

use super::{LONG_QUEUE, Result, per};
use crate::subject::{Load, Subject};

/// Requests that are counted.
const COUNTED: usize = 1_500;

/// The counted function, as callgrind finds it in the program.
const FUNCTION: &str = "*request_cost::subject::Load::send_counted*";

/// The first argument of the process that callgrind watches.
pub const COMMAND: &str = "serve";

/// Returns `true` if valgrind can be run.
#[must_use]
pub fn is_available() -> bool {
    let version = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Instructions per request.
///
/// # Errors
///
/// If there is no valgrind, or the process failed.
pub fn instructions(subject: Subject) -> Result<f64> {
    instructions_after(subject, subject.warm_up())
}

/// Instructions per request, after `served` others.
///
/// # Errors
///
/// If there is no valgrind, or the process failed.
pub fn instructions_after(subject: Subject, served: usize) -> Result<f64> {
    let folder = Folder::new(&format!("{}-{served}", subject.to_arguments().join("-")))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--separate-threads=yes", "--fair-sched=yes"])
        .arg(format!("--toggle-collect={FUNCTION}"))
        .arg(format!("--callgrind-out-file={}", folder.path().join("out").display()))
        .arg(env::current_exe()?)
        .arg(COMMAND)
        .args(subject.to_arguments())
        .args([served, COUNTED].map(|count| count.to_string()))
        .env(LONG_QUEUE.0, LONG_QUEUE.1)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(format!("valgrind: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    let total = total(&folder.path().join("out-01"))?;
    if total == 0 {
        return Err(format!("callgrind saw nothing of {FUNCTION}").into());
    }
    Ok(per(total, COUNTED))
}

/// The work of the process that callgrind watches.
///
/// # Errors
///
/// If the arguments are not the driver's, or a request was not served.
pub fn serve(arguments: &mut impl Iterator<Item = String>) -> Result<()> {
    let subject = Subject::from_arguments(arguments)?;
    let mut count = || -> Result<usize> { Ok(arguments.next().ok_or("how many requests?")?.parse()?) };
    let (served, counted) = (count()?, count()?);
    subject.run(|load| {
        load.send_with_pauses(served, Load::send)?;
        load.send_with_pauses(counted, Load::send_counted)
    })
}

/// The total of a profile.
///
/// # Errors
///
/// If the file cannot be read, or is no profile.
pub fn total(profile: &Path) -> Result<u64> {
    let text = fs::read_to_string(profile).map_err(|error| format!("{}: {error}", profile.display()))?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals: ")).ok_or("a profile without totals")?;
    Ok(total.trim().parse()?)
}

/// A folder for the profiles of one run, removed at the end.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Creates it among the temporary files.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub fn new(run: &str) -> Result<Self> {
        let folder = env::temp_dir().join(format!("request-cost-{}-{run}", process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // If it cannot be removed, it stays among the temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}
