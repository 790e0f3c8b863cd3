//! Boxes that a thread uses again: their memory is in its caches, and taking one allocates nothing.

use std::cell::RefCell;
use std::thread::LocalKey;

/// The most boxes that a thread keeps: more than it usually has open spans.
const CAPACITY: usize = 256;

/// The unused boxes of one thread.
#[derive(Debug)]
pub(crate) struct Pool<T>(RefCell<Vec<Box<T>>>);

impl<T: Default> Pool<T> {
    /// A pool for a `thread_local!`.
    pub(crate) const fn new() -> Self {
        Self(RefCell::new(Vec::new()))
    }

    /// A box that was used before, with the value that it had then; a new one if there is none.
    #[inline]
    #[allow(clippy::unnecessary_box_returns, reason = "the box is used again")]
    pub(crate) fn take(pool: &'static LocalKey<Self>) -> Box<T> {
        pool.try_with(|Self(unused)| unused.try_borrow_mut().ok()?.pop()).ok().flatten().unwrap_or_default()
    }

    /// Keeps the box for later.
    #[inline]
    pub(crate) fn put(pool: &'static LocalKey<Self>, item: Box<T>) {
        // While the thread ends there is no pool any more: the box is freed.
        let _ = pool.try_with(|Self(unused)| {
            if let Ok(mut unused) = unused.try_borrow_mut()
                && unused.len() < CAPACITY
            {
                unused.push(item);
            }
        });
    }
}
