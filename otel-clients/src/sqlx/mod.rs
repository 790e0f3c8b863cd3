//! Queries by `sqlx`. Both of its versions share the code, except for the one trait that differs.

#[cfg(feature = "sqlx-0_8")]
pub mod sqlx_0_8;

#[cfg(feature = "sqlx-0_9")]
#[cfg_attr(feature = "sqlx-0_8", expect(clippy::duplicate_mod, reason = "one source for two versions of a crate"))]
pub mod sqlx_0_9;
