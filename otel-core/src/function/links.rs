//! The types of values that `links = ..` takes.

use opentelemetry::trace::{Link, SpanContext};

/// Spans that a new span is linked to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no link to a span",
    note = "expected a `SpanContext`, a `Link`, or an array, `Vec` or `Option` of one of the two"
)]
pub trait Links {
    /// All links.
    fn into_links(self) -> Vec<Link>;
}

impl Links for Link {
    fn into_links(self) -> Vec<Link> {
        vec![self]
    }
}

impl Links for SpanContext {
    fn into_links(self) -> Vec<Link> {
        Link::with_context(self).into_links()
    }
}

impl<L: Links + Clone> Links for &L {
    fn into_links(self) -> Vec<Link> {
        self.clone().into_links()
    }
}

impl<L: Links> Links for Vec<L> {
    fn into_links(self) -> Vec<Link> {
        self.into_iter().flat_map(Links::into_links).collect()
    }
}

impl<L: Links> Links for Option<L> {
    fn into_links(self) -> Vec<Link> {
        self.map(Links::into_links).unwrap_or_default()
    }
}

impl<L: Links, const N: usize> Links for [L; N] {
    fn into_links(self) -> Vec<Link> {
        self.into_iter().flat_map(Links::into_links).collect()
    }
}

impl<L: Links + Clone> Links for &[L] {
    fn into_links(self) -> Vec<Link> {
        self.iter().cloned().flat_map(Links::into_links).collect()
    }
}
