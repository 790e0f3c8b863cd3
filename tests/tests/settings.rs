//! Settings as an operator meets them: the table in the README, the recipes, and a server that is told nonsense.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "settings/documents.rs"]
mod documents;
#[cfg(unix)]
#[path = "settings/nonsense.rs"]
mod nonsense;
