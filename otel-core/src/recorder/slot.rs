//! A span while it is open.

use std::cell::RefCell;
use std::sync::Arc;

use opentelemetry::trace::{Event, SpanContext, SpanId, TraceState};

use super::limits::deduplicate;
use super::link::{Handle, Link};
use super::record::{Origin, Record, Rest};
use crate::clock::{Moment, Timestamp};
use crate::http::ServerRecord;
use crate::server::OpenRequest;
use crate::span_ids::{Ids, Parent};

/// Boxes that a thread keeps at most: more than spans are usually open.
const MOST: usize = 256;

thread_local! {
    static VACANT: RefCell<Vec<Place>> = const { RefCell::new(Vec::new()) };
}

/// A slot in its box. It is used again, by the thread that let go of it: the memory is at hand, and nothing is allocated.
pub(crate) type Place = Box<Slot>;

/// A span while it is open. What it leaves behind is copied from here.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    /// Kept from one span to the next, for hardly ever is it another one.
    pub(super) origin: Option<Arc<Origin>>,
    /// That of the span before. It may be the last of its provider, and what goes with that, a sampler, runs code of the
    /// application's when it is dropped: not while a span starts, which happens while contexts are borrowed.
    displaced: Option<Arc<Origin>>,
    /// When the span started, by our own clock.
    pub(super) started: Option<Moment>,
    pub(crate) record: Record,
    /// The request that a SERVER span is about.
    pub(crate) server: ServerRecord,
    rest: Rest,
    /// Whether there is any.
    has_rest: bool,
    /// The application's way to the span, where the slot is its instrumentation's.
    link: Option<Arc<Link>>,
    /// The request, while it is open.
    pub(crate) request: OpenRequest,
}

/// How much the application has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) attributes: usize,
    pub(crate) is_ended: bool,
}

impl Slot {
    /// An empty one.
    #[inline]
    pub(crate) fn vacant() -> Place {
        VACANT.try_with(|vacant| vacant.try_borrow_mut().ok()?.pop()).ok().flatten().unwrap_or_default()
    }

    /// Keeps the box.
    #[inline]
    pub(crate) fn vacate(mut self: Box<Self>) {
        self.server.clear();
        drop(self.take_rest(false));
        self.displaced = None;
        if self.origin.as_ref().is_some_and(|origin| origin.pipeline.is_shut_down()) {
            // Of no use to anybody, but it would live as long as this thread.
            (self.origin, self.link) = (None, None);
        }
        // Refused only while the thread ends: then the box is freed.
        let _ = VACANT.try_with(|vacant| {
            if let Ok(mut vacant) = vacant.try_borrow_mut()
                && vacant.len() < MOST
            {
                vacant.push(self);
            }
        });
    }

    /// Starts a span that is the application's own.
    #[inline]
    pub(super) fn start(&mut self, origin: &Arc<Origin>, ids: Ids, parent: Option<Parent<'_>>, now: Moment) {
        if !self.is_of(origin) {
            self.displaced = self.origin.replace(Arc::clone(origin));
            // It knows the limits of who made the last span.
            self.link = None;
        }
        let (parent_span_id, parent_is_remote) =
            parent.map_or((SpanId::INVALID, false), |parent| (parent.ids.span_id, parent.is_remote));
        self.started = Some(now);
        self.record = Record { ids, parent_span_id, parent_is_remote, start: now.timestamp(), ..Record::default() };
    }

    /// The parent's trace state is also that of the span.
    #[inline]
    fn inherit(&mut self, parent: Option<Parent<'_>>) {
        if let Some(state) = parent.and_then(|parent| parent.state)
            && *state != TraceState::NONE
        {
            self.rest_mut().trace_state = state.clone();
        }
    }

    #[inline]
    fn is_of(&self, origin: &Arc<Origin>) -> bool {
        self.origin.as_ref().is_some_and(|known| Arc::ptr_eq(known, origin))
    }

    /// Starts a span that is its instrumentation's. Of the application it is told by the handle.
    #[inline]
    pub(crate) fn open(&mut self, origin: &Arc<Origin>, ids: Ids, parent: Option<Parent<'_>>, now: Moment) -> Handle {
        self.start(origin, ids, parent, now);
        let link = match &mut self.link {
            Some(link) if Link::renew(link) => link,
            // None yet, or somebody still holds the context of an earlier span.
            link => link.insert(Arc::new(Link::new(origin.pipeline.limits))),
        };
        let handle = Handle::new(ids.context(false, Parent::trace_state(parent)), link);
        self.inherit(parent);
        handle
    }

    /// Whether the application has ended the span; and a mark behind what it said until now, for what comes later counts
    /// more than what the instrumentation says now.
    #[inline]
    pub(crate) fn mark(&mut self) -> Mark {
        let mut mark = Mark { attributes: 0, is_ended: false };
        if let Some(link) = &self.link {
            link.visit(|told| {
                // Once, so that their number stays what it is when more come than there is room for.
                deduplicate(&mut told.attributes);
                mark = Mark { attributes: told.attributes.len(), is_ended: told.ended.is_some() };
                told.is_renamed = false;
            });
        }
        mark
    }

    /// The span ends: what the application has said is part of it from now on.
    #[inline]
    pub(crate) fn close(&mut self) {
        if let Some(link) = &self.link {
            link.end();
            let (rest, has_rest) = (&mut self.rest, &mut self.has_rest);
            link.visit(|told| {
                rest.told = std::mem::take(told);
                *has_rest = true;
            });
        }
    }

    /// Whether the application ended the span itself.
    #[inline]
    pub(crate) fn was_ended(&self) -> bool {
        self.rest.told.ended.is_some()
    }

    /// What few spans have.
    #[inline]
    pub(crate) fn rest_mut(&mut self) -> &mut Rest {
        self.has_rest = true;
        &mut self.rest
    }

    /// The same, if there is any: moved, or copied where others want it as well.
    #[inline]
    pub(super) fn take_rest(&mut self, is_wanted_by_others: bool) -> Option<Rest> {
        if !self.has_rest {
            return None;
        }
        Some(if is_wanted_by_others {
            self.rest.clone()
        } else {
            self.has_rest = false;
            std::mem::take(&mut self.rest)
        })
    }

    /// Adds an event of the instrumentation's.
    pub(crate) fn add_event(&mut self, event: Event) {
        if let Some(origin) = &self.origin {
            let limits = origin.pipeline.limits;
            self.rest_mut().told.add_event(event, &limits);
        }
    }

    /// Hands over a span that ended, and keeps the box.
    #[inline]
    pub(crate) fn hand_over(mut self: Box<Self>, end: Timestamp) {
        // A clock that was set back, or a caller's mistake: nothing ends before it starts.
        self.record.end = self.rest.told.ended.unwrap_or(end).max(self.record.start);
        if let Some(origin) = self.origin.take() {
            origin.pipeline.offer(&origin, &mut self);
            self.origin = Some(origin);
        }
        self.vacate();
    }

    /// The span, as others see it.
    #[inline]
    pub(super) fn span_context(&self) -> SpanContext {
        self.record.ids.context(false, self.rest.trace_state.clone())
    }
}
