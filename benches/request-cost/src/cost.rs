//! Costs beyond a base: of telemetry beyond the bare request, of a function beyond the request without it.

use std::path::PathBuf;

use crate::app::Shape;
use crate::budget::Item;
use crate::measure::allocations::{Allocations, allocations};
use crate::measure::{Result, callgrind};
use crate::subject::Subject;
use crate::variant::Variant;

/// Functions with a span of their own that a request calls where the cost of one is asked for.
const FUNCTIONS: u32 = 10;

/// Measures costs; the bases once.
#[derive(Debug)]
pub struct Costs {
    meters: Meters,
    known: Vec<(Subject, Measured)>,
}

/// What is measured. What is not is zero.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// Whether instructions are.
    pub instructions: bool,
    /// The program that counts allocations, where they are.
    pub allocations: Option<PathBuf>,
}

/// What was measured of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// Instructions.
    pub instructions: f64,
    /// Allocations.
    pub allocations: Allocations,
}

impl Measured {
    /// What it costs more than `base`.
    #[must_use]
    pub fn beyond(self, base: Self) -> Self {
        Self {
            instructions: self.instructions - base.instructions,
            allocations: self.allocations.beyond(base.allocations),
        }
    }

    /// One of so many.
    #[must_use]
    pub fn divided_by(self, divisor: u32) -> Self {
        let divided = |number: f64| number / f64::from(divisor);
        let Allocations { count, bytes } = self.allocations;
        Self {
            instructions: divided(self.instructions),
            allocations: Allocations { count: divided(count), bytes: divided(bytes) },
        }
    }
}

impl Costs {
    /// Measures with `meters`.
    #[must_use]
    pub fn new(meters: Meters) -> Self {
        Self { meters, known: Vec::new() }
    }

    /// What a request costs, all of it.
    ///
    /// # Errors
    ///
    /// Those of the measurement.
    pub fn of_request(&mut self, subject: Subject) -> Result<Measured> {
        if let Some((_, measured)) = self.known.iter().find(|(known, _)| *known == subject) {
            return Ok(*measured);
        }
        let mut measured = Measured::default();
        if self.meters.instructions {
            measured.instructions = callgrind::instructions(subject)?;
        }
        if let Some(program) = &self.meters.allocations {
            measured.allocations = allocations(program, subject)?;
        }
        self.known.push((subject, measured));
        Ok(measured)
    }

    /// What an item costs beyond what it comes on top of.
    ///
    /// # Errors
    ///
    /// Those of the measurement.
    pub fn of_item(&mut self, item: Item, variant: Variant, traceparent: bool) -> Result<Measured> {
        let subject = Subject::new(variant, traceparent);
        match item {
            Item::Request => {
                let bare = Subject { variant: Variant::Bare, ..subject };
                Ok(self.of_request(subject)?.beyond(self.of_request(bare)?))
            }
            Item::Function => {
                let calling = Subject { shape: Shape::with_children(FUNCTIONS as usize), ..subject };
                Ok(self.of_request(calling)?.beyond(self.of_request(subject)?).divided_by(FUNCTIONS))
            }
        }
    }
}
