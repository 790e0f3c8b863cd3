//! What the application tells a span while it is open.

use std::borrow::Cow;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Status};

use crate::clock::Timestamp;

/// Everything that reached a span through the API. Limits are in `limits`.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// As they were set; a key may occur more than once.
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes: u32,
    pub(crate) events: Option<Box<Bounded<Event>>>,
    pub(crate) links: Option<Box<Bounded<Link>>>,
    pub(crate) status: Status,
    /// Another name than the record's.
    pub(crate) name: Option<Cow<'static, str>>,
    /// The name came after the one that the instrumentation chose last.
    pub(crate) is_renamed: bool,
    /// The application ended the span itself.
    pub(crate) ended: Option<Timestamp>,
}

impl Told {
    pub(crate) const NONE: Self = Self {
        attributes: Vec::new(),
        dropped_attributes: 0,
        events: None,
        links: None,
        status: Status::Unset,
        name: None,
        is_renamed: false,
        ended: None,
    };

    /// `Ok` is final, and `Unset` says nothing
    /// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status)).
    pub(crate) fn set_status(&mut self, status: Status) {
        if status != Status::Unset && self.status != Status::Ok {
            self.status = status;
        }
    }

    /// The name that the span has when it starts.
    pub(super) fn set_name(&mut self, name: Cow<'static, str>) {
        self.name = Some(name);
    }

    /// Chooses another name.
    pub(super) fn update_name(&mut self, name: Cow<'static, str>) {
        self.set_name(name);
        self.is_renamed = true;
    }

    /// The application ends the span.
    pub(super) fn end(&mut self, at: Timestamp) {
        self.ended = Some(at);
    }
}

impl Default for Told {
    fn default() -> Self {
        Self::NONE
    }
}

/// A list of limited length.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<T> {
    pub(crate) items: Vec<T>,
    /// Those that found no place.
    pub(crate) dropped: u32,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { items: Vec::new(), dropped: 0 }
    }
}
