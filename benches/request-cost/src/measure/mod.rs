//! What a [`Subject`](crate::subject::Subject) costs per request, above the request itself.

pub mod allocations;
pub mod callgrind;

/// Either a result or what to tell the user.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
