//! Heap allocations per request stay within their limits.
//!
//! Each subject is counted in a process of its own, so the test needs no valgrind, no release build and no order.

#![allow(clippy::unwrap_used, reason = "a test that cannot measure has failed")]

use std::path::Path;

use request_cost::budget::{BUDGETS, Item};
use request_cost::cost::{Costs, Meters};
use request_cost::variant::Variant;

/// A buffer that grows now and then is a fraction of an allocation per request.
const ROUNDING: f64 = 0.05;

fn costs() -> Costs {
    let program = Path::new(env!("CARGO_BIN_EXE_allocations")).to_owned();
    Costs::new(Meters { instructions: false, allocations: Some(program) })
}

fn check(item: Item) {
    let mut costs = costs();
    let mut checked = 0;
    for budget in BUDGETS.iter().filter(|budget| budget.item == item) {
        for traceparent in [true, false] {
            let counted = costs.of_item(item, budget.variant, traceparent).unwrap().allocations;
            let limit = budget.allocations;
            assert!(
                counted.count <= limit.ceiling + ROUNDING,
                "{item:?}, {}, traceparent {traceparent}: {} allocations, {} bytes; at most {}, in the end {}",
                budget.variant,
                counted.count,
                counted.bytes,
                limit.ceiling,
                limit.budget
            );
            checked += 1;
        }
    }
    assert!(checked > 0, "no budget for {item:?}");
}

#[test]
fn of_requests() {
    check(Item::Request);
}

#[test]
fn of_functions() {
    check(Item::Function);
}

/// A counter that counts nothing would pass all other tests.
#[test]
fn are_counted() {
    let by_hand = costs().of_item(Item::Request, Variant::BY_HAND, true).unwrap().allocations;
    assert!(by_hand.count >= 10.0 && by_hand.bytes >= 500.0, "{by_hand:?}");
}
