//! Start-up and shutdown in processes with an environment of their own.
//!
//! A test starts this binary again, with one `#[ignore]`d test of [`child`] to run.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a failed assumption should fail the test"
)]

mod child;
mod child_work;
mod collector;
#[cfg(feature = "config-file")]
mod config_file;
mod console;
#[cfg(target_os = "linux")]
mod container;
mod custom_exporters;
mod diagnosis;
mod endpoints;
#[cfg(unix)]
mod fork;
mod functions;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod logs;
mod metrics;
mod otlp;
mod outage;
mod pools;
mod problems;
mod process;
mod proxies;
mod retry;
mod secrets;
mod tls;
#[cfg(feature = "config-file")]
mod views;
