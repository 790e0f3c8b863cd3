//! The layer on real servers and real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking, and reports that it was skipped"
)]
#![allow(missing_docs, reason = "tests are named, not documented")]

mod support;

mod applications;
mod attributes;
mod bodies;
mod body_sizes;
mod context;
mod controls;
mod dropped;
mod endings;
mod golden;
mod live_span;
mod long_lived;
mod metrics;
mod mixing;
mod outcomes;
mod propagation;
mod protocols;
mod reuse;
mod routes;
mod routes_of_404s;
mod routes_of_files;
mod routes_of_refusals;
mod routes_of_scopes;
mod single_span;
