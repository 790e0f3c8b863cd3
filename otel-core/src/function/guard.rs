//! The span of a synchronous function.

use opentelemetry::ContextGuard;

use super::FunctionSpan;

/// While it lives, the span is current. The span ends with it.
#[derive(Debug)]
#[must_use = "the span ends when the guard is dropped: bind it with `let _span = ..`"]
pub struct Entered {
    // Dropped first: code that runs at the end of the span may read the current context.
    _context: Option<ContextGuard>,
    span: FunctionSpan,
}

impl Entered {
    #[inline]
    pub(super) fn new(span: FunctionSpan) -> Self {
        Self { _context: span.live.as_ref().map(|live| live.context.clone().attach()), span }
    }

    #[inline]
    pub(super) fn span(&self) -> &FunctionSpan {
        &self.span
    }
}

impl FunctionSpan {
    /// Makes the span current until the guard is dropped, which also ends it.
    #[inline]
    pub fn enter(self) -> Entered {
        Entered::new(self)
    }

    /// Runs `body` with the span current, calls `outcome` with the returned value, and ends the span.
    pub fn call<R>(self, body: impl FnOnce() -> R, outcome: impl FnOnce(&Self, &R)) -> R {
        let entered = self.enter();
        let output = body();
        if entered.span().is_recording() {
            outcome(entered.span(), &output);
        }
        output
    }
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        self.span.notice_panic();
    }
}
