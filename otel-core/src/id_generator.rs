//! Trace and span ids.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};

use opentelemetry::trace::{SpanId, TraceId};
use rand::rngs::{SmallRng, SysRng};
use rand::{Rng as _, SeedableRng as _};

use crate::clock::Moment;

thread_local! {
    /// Seeded by the system, once per thread.
    static GENERATOR: RefCell<SmallRng> = RefCell::new(seeded());
}

/// A random trace id; never the invalid one.
pub(crate) fn trace_id(now: Moment) -> TraceId {
    loop {
        let id = u128::from(next(now)) << 64 | u128::from(next(now));
        if id != 0 {
            return TraceId::from(id);
        }
    }
}

/// A random span id; never the invalid one.
#[inline]
pub(crate) fn span_id(now: Moment) -> SpanId {
    loop {
        let id = next(now);
        if id != 0 {
            return SpanId::from(id);
        }
    }
}

/// Random bits. After a fork, both processes have generators in the same state, but use them at different moments: the
/// time keeps the ids of their spans apart.
fn next(now: Moment) -> u64 {
    GENERATOR.with(|generator| generator.borrow_mut().next_u64()) ^ now.entropy()
}

/// Does not use `rand::rng`, which is gone while a thread ends: destructors that run then may start spans.
fn seeded() -> SmallRng {
    // If the system has no random bits now, the standard library has some from the start of the process.
    SmallRng::try_from_rng(&mut SysRng).unwrap_or_else(|_| SmallRng::seed_from_u64(RandomState::new().hash_one(())))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_do_not_repeat_within_a_moment_nor_across_threads() {
        let now = Moment::now();
        let threads: Vec<_> = (0..4)
            .map(|_| std::thread::spawn(move || (0..1000).map(|_| (trace_id(now), span_id(now))).collect::<Vec<_>>()))
            .collect();
        let ids: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect();
        assert_eq!(ids.iter().map(|(trace, _)| trace).collect::<HashSet<_>>().len(), 4000);
        assert_eq!(ids.iter().map(|(_, span)| span).collect::<HashSet<_>>().len(), 4000);
    }

    #[test]
    fn the_same_state_at_another_moment_gives_other_ids() {
        // A fork copies the state.
        let after_fork = |now| {
            GENERATOR.replace(SmallRng::seed_from_u64(7));
            (trace_id(now), span_id(now))
        };
        let now = Moment::now();
        assert_eq!(after_fork(now), after_fork(now), "the state is the same");
        let ((trace, span), (other_trace, other_span)) = (after_fork(now), after_fork(now.later(1)));
        assert!(trace != other_trace && span != other_span);
    }
}
