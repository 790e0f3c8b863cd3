//! Queries by both versions of `sqlx`: their spans and metrics.

#[path = "../support/mod.rs"]
mod support;
mod v0_8;
#[expect(clippy::duplicate_mod, reason = "the same tests for two versions of a crate")]
mod v0_9;
