//! Lists of facts, side by side.

use serde_json::Value;

use super::{Fact, Field};

/// The relation of the values of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Equal in type and value.
    Equal,
    /// Equal except for an id, a time or a port, which is correct on each side.
    Normalised,
    /// Different, or missing on one side.
    Different,
}

/// A fact, as each server printed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The name of the fact.
    pub field: Field,
    /// The values, in the order of the servers; `None` for a server that did not print it.
    pub values: Vec<Option<Value>>,
    /// The relation of the values.
    pub mark: Mark,
}

/// Every fact of any side, in order.
#[must_use]
pub fn diff(sides: &[Vec<Fact>]) -> Vec<Row> {
    let mut fields: Vec<Field> = Vec::new();
    for fact in sides.iter().flatten() {
        if !fields.contains(&fact.field) {
            fields.push(fact.field.clone());
        }
    }
    let mut rows: Vec<Row> = fields.into_iter().map(|field| row(field, sides)).collect();
    rows.sort_by_key(|row| row.field.section);
    rows
}

fn row(field: Field, sides: &[Vec<Fact>]) -> Row {
    let facts: Vec<Option<&Fact>> = sides.iter().map(|facts| facts.iter().find(|fact| fact.field == field)).collect();
    let all_equal = |same: fn(&Fact, &Fact) -> bool| {
        facts.windows(2).all(|pair| matches!(pair, [Some(one), Some(other)] if same(one, other)))
    };
    let mark = if !all_equal(|one, other| one.normal == other.normal) {
        Mark::Different
    } else if all_equal(|one, other| one.raw == other.raw) {
        Mark::Equal
    } else {
        Mark::Normalised
    };
    Row { field, values: facts.into_iter().map(|fact| Some(fact?.raw.clone())).collect(), mark }
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
