//! Shows that `server_manual` and `server_auto` print the same spans; exit status 0 only if they do.
//!
//! `compare [--zero-code] [PART]`: with `--zero-code` also `server_uninstrumented`, built by `cargo otel`; with a part,
//! only the requests whose title or path contains it.
#![allow(clippy::print_stderr, reason = "a program for a terminal: it prints")]

use std::{
    env,
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use examples::compare::{self, Case, Failure, Mode, Report, Style};
use tokio::time::timeout;

/// The longest time of the comparison, without building the programs.
const DEADLINE: Duration = Duration::from_secs(5 * 60);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    // When one future ends, the other is dropped, and its processes with it.
    let result = tokio::select! {
        result = run() => result,
        signal = stopped() => Err(signal),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("compare: {failure}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool, Failure> {
    let (options, parts): (Vec<String>, Vec<String>) = env::args().skip(1).partition(|part| part.starts_with("--"));
    if let Some(unknown) = options.iter().find(|option| *option != "--zero-code") {
        return Err(format!("{unknown} is no option; there is --zero-code").into());
    }
    let cases = selected(parts.first().map(String::as_str))?;
    eprintln!("building the example programs …");
    let mut programs = compare::build().await?;
    if !options.is_empty() {
        programs.server_uninstrumented = Some(compare::build_zero_code().await?);
    }
    let mut report = Report::new(Style::for_stdout());
    print(&report.introduction(cases.len(), programs.server_uninstrumented.is_some()))?;
    let all_modes = async {
        for mode in Mode::ALL {
            for comparison in compare::compare(&programs, mode, &cases).await? {
                print(&report.comparison(&comparison))?;
            }
        }
        Ok::<_, Failure>(())
    };
    timeout(DEADLINE, all_modes).await.map_err(|_| format!("not done after {DEADLINE:?}"))??;
    print(&report.conclusion())?;
    Ok(report.verdict().is_equal())
}

/// Prints without the panic of `print!` when the reader has gone (`| head`).
fn print(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())
}

fn selected(part: Option<&str>) -> Result<Vec<Case>, Failure> {
    let mut cases = compare::cases();
    if let Some(part) = part {
        cases.retain(|case| case.note.contains(part) || case.target.contains(part));
        if cases.is_empty() {
            return Err(format!("no request has {part:?} in its title or path").into());
        }
    }
    Ok(cases)
}

/// Waits for Ctrl-C or `SIGTERM`.
async fn stopped() -> Failure {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            },
            Err(failure) => return failure.into(),
        }
    }
    #[cfg(not(unix))]
    if let Err(failure) = tokio::signal::ctrl_c().await {
        return failure.into();
    }
    "stopped".into()
}
