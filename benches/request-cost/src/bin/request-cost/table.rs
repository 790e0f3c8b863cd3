//! All variants side by side: instructions, allocations, time.

use std::fs;
use std::path::Path;

use request_cost::budget::{BUDGETS, Item};
use request_cost::cost::{Costs, Measured, Meters};
use request_cost::measure::time::{self, Time};
use request_cost::measure::{Result, callgrind};
use request_cost::subject::Subject;
use request_cost::variant::{State, Variant};

use crate::format::{grouped, markdown, more};
use crate::programs;
use crate::svg::{Bar, bars};

/// The file of the plot, which is written if everything was measured.
const PLOT: &str = "request-cost.svg";

/// A line of the table.
struct Row {
    variant: Variant,
    item: Item,
    /// With a sampled `traceparent`.
    with: Measured,
    without: Measured,
    time: Option<Time>,
}

/// Measures the variants that have `part` in their names, and prints the table.
pub(super) fn run(part: Option<&str>) -> Result<()> {
    if !callgrind::is_available() {
        return Err("instructions are counted by valgrind, which is not installed".into());
    }
    let variants: Vec<_> = Variant::all().filter(|variant| is_asked_for(*variant, part)).collect();
    let mut costs = Costs::new(Meters { instructions: true, allocations: Some(programs::allocations()?) });
    let subjects: Vec<_> = variants.iter().map(|&variant| Subject::new(variant, true)).collect();
    let times = time::compare(&subjects)?;

    let bare = |traceparent| Subject::new(Variant::Bare, traceparent);
    let (with, without) = (costs.of_request(bare(true))?, costs.of_request(bare(false))?);
    println!(
        "Without telemetry: {} ({}) instructions, {:.0} ({:.0}) allocations, {} ({}) bytes. Beyond that, for telemetry:\n",
        grouped(with.instructions),
        grouped(without.instructions),
        with.allocations.count,
        without.allocations.count,
        grouped(with.allocations.bytes),
        grouped(without.allocations.bytes),
    );
    let mut rows = Vec::new();
    for (&variant, time) in variants.iter().zip(times).skip(1) {
        for item in [Item::Request, Item::Function] {
            // Functions are measured only if they have a budget.
            if item == Item::Request || BUDGETS.iter().any(|budget| budget.item == item && budget.variant == variant) {
                let [with, without] = [true, false].map(|traceparent| costs.of_item(item, variant, traceparent));
                let time = (item == Item::Request).then_some(time);
                rows.push(Row { variant, item, with: with?, without: without?, time });
            }
        }
    }
    print!("{}", markdown(&std::iter::once(head()).chain(rows.iter().map(Row::cells)).collect::<Vec<_>>()));
    println!("\nWith a sampled `traceparent`; in brackets without one.");
    if part.is_none() && cfg!(feature = "others") {
        let plot = Path::new(env!("CARGO_MANIFEST_DIR")).join(PLOT);
        fs::write(&plot, self::plot(&rows))?;
        println!("Plot: benches/request-cost/{PLOT}");
    }
    Ok(())
}

/// Returns `true` if a variant is measured. The ones to compare with always are.
fn is_asked_for(variant: Variant, part: Option<&str>) -> bool {
    matches!(variant, Variant::Bare | Variant::BY_HAND) || part.is_none_or(|part| variant.name().contains(part))
}

fn head() -> Vec<String> {
    ["", "instructions", "allocations", "bytes", "time", "by hand = 1"].map(str::to_owned).to_vec()
}

impl Row {
    fn title(&self) -> String {
        match self.item {
            Item::Request => self.variant.title().to_owned(),
            Item::Function => "… each function span".to_owned(),
        }
    }

    fn cells(&self) -> Vec<String> {
        let (with, without) = (self.with.allocations, self.without.allocations);
        vec![
            self.title(),
            format!("{} ({})", more(self.with.instructions), more(self.without.instructions)),
            format!("{} ({})", more(with.count), more(without.count)),
            format!("{} ({})", more(with.bytes), more(without.bytes)),
            self.time.map_or_else(String::new, |time| format!("{} ns", more(time.nanoseconds))),
            self.time.map_or_else(String::new, |time| format!("{:.2}", time.ratio)),
        ]
    }
}

/// Returns `true` for variants that record spans. The chart is for people who choose one; the others are in the table.
fn is_drawn(variant: Variant) -> bool {
    !matches!(variant, Variant::Manual(_) | Variant::TracingInstrument | Variant::Ours(_))
        || matches!(variant, Variant::BY_HAND | Variant::Ours(State::Sampled(_) | State::SampledOut))
}

fn note(cost: &Measured) -> String {
    let (count, instructions) = (cost.allocations.count, grouped(cost.instructions));
    let allocations = if (count - 1.0).abs() < 0.5 { "allocation" } else { "allocations" };
    format!("{instructions} · {count:.0} {allocations}")
}

/// The chart of the README.
fn plot(rows: &[Row]) -> String {
    let drawn: Vec<_> = rows
        .iter()
        .filter(|row| row.item == Item::Request && is_drawn(row.variant))
        .map(|row| Bar {
            label: row.title(),
            value: row.with.instructions,
            note: note(&row.with),
            highlighted: matches!(row.variant, Variant::Ours(_)),
        })
        .collect();
    bars("Instructions per request that telemetry adds to an actix-web app", &drawn)
}

#[cfg(test)]
mod tests {
    use request_cost::variant::Variant;

    use super::is_drawn;
    use crate::svg::LONGEST;

    #[test]
    fn every_label_fits_beside_its_bar() {
        for title in Variant::all().filter(|&variant| is_drawn(variant)).map(Variant::title) {
            assert!(title.chars().count() <= LONGEST, "{title}");
        }
    }
}
