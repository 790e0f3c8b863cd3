//! Settings from the operator's side: the tables in the documents, the recipes, and a server with nonsense as settings.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "settings/documents.rs"]
mod documents;
#[cfg(unix)]
#[path = "settings/nonsense.rs"]
mod nonsense;
