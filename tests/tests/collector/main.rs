//! `server_auto` and collectors, as processes on real sockets.
//!
//! | module | |
//! |---|---|
//! | `end_to_end` | each protocol, through a collector of another project to the official decoder, attribute by attribute |
//! | `faults` | collectors that are absent, faulty, or away for a while |
//! | `shutdown` | signals while hundreds of requests are in flight |
//!
//! The end-to-end tests are ignored by default, because they need the programs that
//! [`collector/setup`](../../collector/setup) installs.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod attributes;
mod backend;
mod end_to_end;
mod faults;
mod load;
mod losses;
mod process;
mod shutdown;

/// Long enough for a slow machine; only a failing test waits this long.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
