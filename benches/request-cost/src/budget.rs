//! The budgets of a request with this project, all in one place.
//!
//! The driver (`check`) checks instructions, an ordinary test checks allocations. Where a budget is not reached yet,
//! the ceiling is the last measurement, so that a regression is noticed; each improvement lowers it, until it is below
//! the budget.

use crate::variant::{Signals, State, Variant};

/// The items with limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// A request, beyond the one without telemetry.
    Request,
    /// A call of a function with `#[auto_instrument]`, within such a request.
    Function,
}

/// A limit, and the goal.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// More than this is a failure.
    pub ceiling: f64,
    /// The goal.
    pub budget: f64,
}

impl Limit {
    const fn new(ceiling: f64, budget: f64) -> Self {
        Self { ceiling, budget }
    }

    /// Returns `true` if `measured` is above the ceiling by more than `slack`, a part of the ceiling.
    #[must_use]
    pub fn is_broken_by(self, measured: f64, slack: f64) -> bool {
        measured.is_nan() || measured > self.ceiling * (1.0 + slack)
    }
}

/// The limits of one item in one state.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// The item.
    pub item: Item,
    /// The state of telemetry.
    pub variant: Variant,
    /// Instructions of a request with a sampled `traceparent`.
    pub with_traceparent: Limit,
    /// Instructions of a request without one.
    pub without_traceparent: Limit,
    /// Heap allocations, with and without a `traceparent`. Memory of spans is used again once they are exported, so the
    /// number depends on how soon that happens: the ceiling is for the case that no memory is back in time.
    pub allocations: Limit,
}

impl Budget {
    /// Instructions.
    #[must_use]
    pub fn instructions(&self, traceparent: bool) -> Limit {
        if traceparent { self.with_traceparent } else { self.without_traceparent }
    }
}

/// All limits.
pub const BUDGETS: [Budget; 9] = [
    Budget {
        item: Item::Request,
        variant: Variant::OURS,
        with_traceparent: Limit::new(4_150.0, 2_000.0),
        without_traceparent: Limit::new(3_770.0, 1_700.0),
        allocations: Limit::new(2.0, 3.0),
    },
    Budget {
        item: Item::Request,
        variant: Variant::Ours(State::Sampled(Signals::SpansAndMetrics)),
        with_traceparent: Limit::new(4_870.0, 2_800.0),
        without_traceparent: Limit::new(4_500.0, 2_500.0),
        allocations: Limit::new(2.0, 3.0),
    },
    Budget {
        item: Item::Request,
        variant: Variant::Ours(State::SampledOut),
        with_traceparent: Limit::new(2_730.0, 900.0),
        without_traceparent: Limit::new(2_360.0, 800.0),
        allocations: Limit::new(1.0, 1.0),
    },
    Budget {
        item: Item::Request,
        variant: Variant::Ours(State::Disabled),
        with_traceparent: Limit::new(2_000.0, 150.0),
        without_traceparent: Limit::new(670.0, 150.0),
        allocations: Limit::new(1.0, 0.0),
    },
    Budget {
        item: Item::Request,
        variant: Variant::Ours(State::Excluded),
        with_traceparent: Limit::new(2_180.0, 150.0),
        without_traceparent: Limit::new(1_500.0, 150.0),
        allocations: Limit::new(1.0, 0.0),
    },
    Budget {
        item: Item::Function,
        variant: Variant::OURS,
        with_traceparent: Limit::new(1_620.0, 400.0),
        without_traceparent: Limit::new(1_620.0, 400.0),
        allocations: Limit::new(2.0, 1.0),
    },
    Budget {
        item: Item::Function,
        variant: Variant::Ours(State::SampledOut),
        with_traceparent: Limit::new(136.0, 60.0),
        without_traceparent: Limit::new(136.0, 60.0),
        allocations: Limit::new(0.0, 0.0),
    },
    Budget {
        item: Item::Function,
        variant: Variant::Ours(State::Disabled),
        with_traceparent: Limit::new(35.0, 60.0),
        without_traceparent: Limit::new(35.0, 60.0),
        allocations: Limit::new(0.0, 0.0),
    },
    // The functions of a library, in a program that starts no telemetry.
    Budget {
        item: Item::Function,
        variant: Variant::Bare,
        with_traceparent: Limit::new(80.0, 60.0),
        without_traceparent: Limit::new(80.0, 60.0),
        allocations: Limit::new(1.0, 0.0),
    },
];
