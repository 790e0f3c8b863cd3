//! `server_auto` and collectors, as processes on real sockets.
//!
//! | module | |
//! |---|---|
//! | `end_to_end` | each protocol, through a collector of others to the official decoder, attribute by attribute |
//!
//! The end-to-end tests need what [`collector/setup`](../../collector/setup) installs, and are skipped without;
//! `REQUIRE_PYTHON=1` makes them fail then.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod end_to_end;
