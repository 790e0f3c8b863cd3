//! Costs beyond a base: of telemetry beyond the bare request, of a function beyond the request without it.

use std::path::PathBuf;

use crate::app::Shape;
use crate::budget::Item;
use crate::measure::allocations::{Allocations, allocations};
use crate::measure::{Result, callgrind};
use crate::subject::Subject;
use crate::variant::Variant;

/// The number of functions with a span that a request calls when the cost of a function is measured.
const FUNCTIONS: u32 = 10;

/// Measures costs. Each base is measured once.
#[derive(Debug)]
pub struct Costs {
    meters: Meters,
    known: Vec<(Subject, Measured)>,
}

/// The measurements to make. The others are zero.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// `true` if instructions are measured.
    pub instructions: bool,
    /// The program that counts allocations; `None` if they are not measured.
    pub allocations: Option<PathBuf>,
}

/// The measurements of a request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Measured {
    /// Instructions.
    pub instructions: f64,
    /// Allocations.
    pub allocations: Allocations,
}

impl Measured {
    /// The cost beyond `base`.
    #[must_use]
    pub fn beyond(self, base: Self) -> Self {
        Self {
            instructions: self.instructions - base.instructions,
            allocations: self.allocations.beyond(base.allocations),
        }
    }

    /// The cost of one of `divisor` equal parts.
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

    /// The whole cost of a request.
    ///
    /// # Errors
    ///
    /// If a measurement fails.
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

    /// The cost of an item beyond its base.
    ///
    /// # Errors
    ///
    /// If a measurement fails.
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
