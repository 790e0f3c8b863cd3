//! Every shape of function that Rust code has, instrumented, run, and its spans compared.
//!
//! The strictest lints there are: what the attribute generates must not make a careful crate's build fail, and a
//! lint that the user wanted must not be switched off by it.

#![forbid(unsafe_code, unreachable_code)]
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
// About the cases, which are small on purpose; none of these is about generated code.
#![allow(
    clippy::missing_const_for_fn,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    clippy::future_not_send,
    unreachable_pub,
    clippy::boxed_local,
    clippy::redundant_pub_crate,
    clippy::unused_self
)]

mod apps;
mod arguments;
mod asynchronous;
mod bodies;
mod containers;
mod futures;
mod handlers;
mod outcome;
mod signatures;
mod spawning;
mod synchronous;
mod traits;
mod tree;
