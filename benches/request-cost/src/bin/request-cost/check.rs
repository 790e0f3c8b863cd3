//! Compares the instructions with their limits.

use request_cost::budget::{BUDGETS, Budget, Item};
use request_cost::cost::{Costs, Meters};
use request_cost::measure::{Result, callgrind};

use crate::format::{grouped, markdown};

/// Counts vary a little with the compiler, with hash seeds, and with the state of the allocator.
const SLACK: f64 = 0.10;

/// Measures all items with a limit. Fails if one is over its limit.
pub(super) fn run() -> Result<()> {
    if !callgrind::is_available() {
        println!("valgrind is not installed: instructions are not checked");
        return Ok(());
    }
    let mut costs = Costs::new(Meters { instructions: true, allocations: None });
    let mut rows = vec![["", "`traceparent`", "instructions", "limit", "budget", ""].map(str::to_owned).to_vec()];
    let mut broken = 0;
    for budget in &BUDGETS {
        for traceparent in [true, false] {
            let instructions = costs.of_item(budget.item, budget.variant, traceparent)?.instructions;
            let limit = budget.instructions(traceparent);
            let is_broken = limit.is_broken_by(instructions, SLACK);
            broken += usize::from(is_broken);
            let verdict = match (is_broken, instructions <= limit.budget) {
                (true, _) => "TOO MANY",
                (false, true) => "within budget",
                (false, false) => "",
            };
            rows.push(vec![
                title(budget),
                if traceparent { "with" } else { "without" }.to_owned(),
                grouped(instructions),
                grouped(limit.ceiling),
                grouped(limit.budget),
                verdict.to_owned(),
            ]);
        }
    }
    print!("{}", markdown(&rows));
    match broken {
        0 => Ok(()),
        _ => Err(format!("{broken} are more than {:.0} % over their limit", SLACK * 100.0).into()),
    }
}

fn title(budget: &Budget) -> String {
    match budget.item {
        Item::Request => budget.variant.title().to_owned(),
        Item::Function => format!("{}: a function", budget.variant.title()),
    }
}
