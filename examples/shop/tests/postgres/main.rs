//! Queries by both versions of `sqlx` to a real `PostgreSQL` server: their spans.

#[path = "../support/mod.rs"]
mod support;
mod v0_8;
#[expect(clippy::duplicate_mod, reason = "the same tests for two versions of a crate")]
mod v0_9;
