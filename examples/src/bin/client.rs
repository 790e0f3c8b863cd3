//! Sends one request to an example server: `client testing`.
//!
//! Prints the answer's body and the CLIENT span.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal: it prints")]

use std::process::ExitCode;

use examples::client::{Args, Telemetry, send};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let args = match Args::from_env() {
        Ok(args) => args,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    let _telemetry = Telemetry::start();
    match send(&args).await {
        Ok(answer) => {
            println!("{}", String::from_utf8_lossy(&answer.body).trim_end());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{} {}: {error}", args.method, args.url);
            ExitCode::FAILURE
        }
    }
}
