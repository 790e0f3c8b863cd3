//! The facts about an instrumented function that the compiler knows.

use opentelemetry::trace::SpanKind;

use crate::code::CodeLocation;

/// An instrumented function: one static each, so that starting a span passes one pointer.
#[derive(Debug)]
pub struct CallSite {
    pub(super) name: &'static str,
    pub(super) location: CodeLocation,
    pub(super) kind: SpanKind,
    pub(super) root: bool,
}

impl CallSite {
    /// A function whose spans are called `name`, of kind INTERNAL, children of the current span.
    #[must_use]
    pub const fn new(name: &'static str, location: CodeLocation) -> Self {
        Self { name, location, kind: SpanKind::Internal, root: false }
    }

    /// Sets another span kind.
    #[must_use]
    pub const fn kind(self, kind: SpanKind) -> Self {
        Self { name: self.name, location: self.location, kind, root: self.root }
    }

    /// Lets each span start a new trace.
    #[must_use]
    pub const fn root(self) -> Self {
        Self { name: self.name, location: self.location, kind: self.kind, root: true }
    }
}
