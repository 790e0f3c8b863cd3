//! What [`wakeup`](super::wakeup) is made of: the model checker in `loom/` has another module of this name.

pub(super) use std::sync::OnceLock;
pub(super) use std::sync::atomic::{AtomicBool, Ordering};
pub(super) use std::thread::Thread;
