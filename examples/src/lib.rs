//! The code that the example programs share.
//!
//! | program | purpose |
//! |---|---|
//! | `server_auto` | `#[auto_instrument]` on `main`, no telemetry code |
//! | `server_manual` | the same server with spans written by hand |
//! | `server_handlers` | `#[auto_instrument]` on single handlers |
//! | `client` | an instrumented client that carries the trace to a server |
//! | `compare` | shows that the first two print the same spans |
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the examples are programs: they print")]

pub mod client;
pub mod compare;
pub mod handlers;
pub mod listen;
pub mod manual;

/// The code in the README compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
