//! Scopes are remembered, but not for ever.

use opentelemetry::trace::{Tracer as _, TracerProvider as _};

use super::{Keeping, Pair};
use crate::config::SpanLimitSettings;

#[test]
fn scopes_that_come_and_go() {
    let limits = SpanLimitSettings::default();
    let (provider, kept) = Keeping::provider(limits);
    let mut pair = Pair::new(limits);
    for (from, to) in [(0, 3), (2, 200), (100, 400), (0, 3), (0, 70)] {
        for index in (from..to).chain(from..from + 2) {
            // A tracer of its own for each span, as many applications do.
            drop(provider.tracer(format!("scope {index}")).start("span"));
        }
        pair.compare(&kept.take(&provider));
        assert!(pair.remembered_scopes() <= 64 + (to - from), "{from} {to} {}", pair.remembered_scopes());
    }
}
