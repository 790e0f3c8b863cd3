//! Two lists of facts, side by side.

use serde_json::Value;

use super::{Field, normal::Fact};

/// How the two values of a fact relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Equal: same type, same value.
    Equal,
    /// Equal but for an id, a time or a port, which is what it must be on both sides.
    Normalised,
    /// Different, or only on one side.
    Different,
}

/// A fact as both servers tell it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it is about.
    pub field: Field,
    /// As `server_manual` printed it, `None` if it did not.
    pub manual: Option<Value>,
    /// As `server_auto` printed it, `None` if it did not.
    pub auto: Option<Value>,
    /// How they relate.
    pub mark: Mark,
}

/// Every fact of either side, in order.
#[must_use]
pub fn diff(manual: Vec<Fact>, mut auto: Vec<Fact>) -> Vec<Row> {
    let mut rows = Vec::with_capacity(manual.len());
    for fact in manual {
        let other = auto.iter().position(|other| other.field == fact.field).map(|at| auto.remove(at));
        rows.push(row(fact, other));
    }
    // What is left is on one side only.
    rows.extend(auto.into_iter().map(|fact| Row {
        field: fact.field,
        manual: None,
        auto: Some(fact.raw),
        mark: Mark::Different,
    }));
    rows.sort_by_key(|row| row.field.section);
    rows
}

fn row(manual: Fact, auto: Option<Fact>) -> Row {
    let mark = match &auto {
        Some(auto) if auto.normal != manual.normal => Mark::Different,
        Some(auto) if auto.raw == manual.raw => Mark::Equal,
        Some(_) => Mark::Normalised,
        None => Mark::Different,
    };
    Row { field: manual.field, manual: Some(manual.raw), auto: auto.map(|fact| fact.raw), mark }
}

#[cfg(test)]
#[path = "diff_tests.rs"]
mod tests;
