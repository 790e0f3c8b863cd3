//! The data that the application adds to a span through the API.

use std::borrow::Cow;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Status};

use crate::clock::Timestamp;

/// Everything that reached a span through the API. `limits` applies the limits.
#[derive(Clone, Debug)]
pub(crate) struct AppData {
    /// In the order in which they were set; a key may occur more than once.
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes: u32,
    pub(crate) events: Option<Box<Bounded<Event>>>,
    pub(crate) links: Option<Box<Bounded<Link>>>,
    pub(crate) status: Status,
    /// A name that replaces the record's.
    pub(crate) name: Option<Cow<'static, str>>,
    /// `true` if the application set the name after the instrumentation did.
    pub(crate) is_renamed: bool,
    /// When the application ended the span, if it did.
    pub(crate) ended: Option<Timestamp>,
}

impl AppData {
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

    /// Sets the status. `Ok` is final, and `Unset` is ignored
    /// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status)).
    pub(crate) fn set_status(&mut self, status: Status) {
        if status != Status::Unset && self.status != Status::Ok {
            self.status = status;
        }
    }

    /// Sets the name with which the span starts.
    pub(super) fn set_name(&mut self, name: Cow<'static, str>) {
        self.name = Some(name);
    }

    /// Replaces the name.
    pub(super) fn update_name(&mut self, name: Cow<'static, str>) {
        self.set_name(name);
        self.is_renamed = true;
    }

    /// Ends the span.
    pub(super) fn end(&mut self, at: Timestamp) {
        self.ended = Some(at);
    }
}

impl Default for AppData {
    fn default() -> Self {
        Self::NONE
    }
}

/// A list of limited length.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<T> {
    pub(crate) items: Vec<T>,
    /// How many items did not fit.
    pub(crate) dropped: u32,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { items: Vec::new(), dropped: 0 }
    }
}
