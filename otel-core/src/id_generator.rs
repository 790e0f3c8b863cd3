//! Trace and span ids.

use std::cell::RefCell;
use std::hash::{BuildHasher as _, RandomState};

use opentelemetry::trace::{SpanId, TraceId};
use rand::rngs::{SmallRng, SysRng};
use rand::{Rng as _, SeedableRng as _};

use super::clock::Moment;

thread_local! {
    /// Seeded from the system, once per thread.
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
pub(crate) fn span_id(now: Moment) -> SpanId {
    loop {
        let id = next(now);
        if id != 0 {
            return SpanId::from(id);
        }
    }
}

/// Random bits. A process that forked shares the state of its generators with its parent, but not the moments at which
/// it asks them: without the time both would give their spans the same ids.
fn next(now: Moment) -> u64 {
    GENERATOR.with(|generator| generator.borrow_mut().next_u64()) ^ now.entropy()
}

/// Not by way of `rand::rng`: that is gone when the thread ends, and spans may start in what it drops then.
fn seeded() -> SmallRng {
    // A system that gives no random bits gave some to the standard library when the process started.
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
        let generator = SmallRng::seed_from_u64(7);
        GENERATOR.replace(generator.clone());
        let first = span_id(Moment::now());
        // After a fork two processes have the same state.
        GENERATOR.replace(generator);
        std::thread::yield_now();
        assert_ne!(span_id(Moment::now()), first);
    }
}
