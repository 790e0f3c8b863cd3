//! The selection and order of a list of traces.

use std::time::Duration;

use regex::bytes::{Regex, RegexBuilder};

use super::running::RunningSpan;
use super::trace::Trace;

/// The number of traces in a list, unless the query sets another.
const USUAL: usize = 200;

/// The query of `GET /api/traces`. An empty query selects everything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    /// Part of the route, or of the name, of the root span.
    route: Option<String>,
    status: Option<Status>,
    /// Searched in names, attributes, events and log records, in any case.
    text: Option<Regex>,
    service: Option<String>,
    /// Nanoseconds.
    shortest: Option<u64>,
    pub(super) order: Order,
    pub(super) limit: usize,
}

/// The outcome of a trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Error,
    Ok,
    /// The first digit of the status code.
    Class(u16),
    Code(u16),
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// Failed traces, slow ones, and the rest, each with the newest first.
    #[default]
    Notable,
    Newest,
    Slowest,
}

impl Query {
    /// Reads a query string.
    ///
    /// # Errors
    ///
    /// Returns the name of the parameter that is unknown or has a wrong value.
    pub(crate) fn parse<'a>(parameters: impl Iterator<Item = (&'a str, String)>) -> Result<Self, &'a str> {
        let mut query = Self { limit: USUAL, ..Self::default() };
        for (name, value) in parameters.filter(|(_, value)| !value.is_empty()) {
            match name {
                "route" => query.route = Some(value),
                "service" => query.service = Some(value),
                "text" => query.text = Some(literal(&value).ok_or(name)?),
                "status" => query.status = Some(Status::parse(&value).ok_or(name)?),
                "min_ms" => {
                    let milliseconds: f64 = value.parse().map_err(|_| name)?;
                    let shortest = Duration::try_from_secs_f64(milliseconds / 1e3).map_err(|_| name)?;
                    query.shortest = Some(u64::try_from(shortest.as_nanos()).unwrap_or(u64::MAX));
                }
                "limit" => query.limit = value.parse().map_err(|_| name)?,
                "order" => {
                    query.order = match value.as_str() {
                        "notable" => Order::Notable,
                        "newest" => Order::Newest,
                        "slowest" => Order::Slowest,
                        _ => return Err(name),
                    }
                }
                "token" => {}
                _ => return Err(name),
            }
        }
        Ok(query)
    }

    /// Returns `true` if the list shows the trace. The text is searched last, because that takes longest.
    pub(super) fn selects(&self, trace: &Trace) -> bool {
        let Some(root) = trace.root() else { return false };
        let is_route = |route: &String| {
            root.text(root.head.route).is_some_and(|known| known.contains(route)) || root.name().contains(route)
        };
        self.route.as_ref().is_none_or(is_route)
            && self.service.as_ref().is_none_or(|service| trace.services().contains(&service.as_str()))
            && self.shortest.is_none_or(|shortest| trace.duration() >= shortest)
            && self.status.is_none_or(|status| status.is_of(trace.is_error(), root.head.status))
            && self.text.as_ref().is_none_or(|text| trace.contents().any(|message| text.is_match(message)))
    }

    /// Returns `true` if the list shows the running request, whose end and route are unknown.
    pub(super) fn selects_running(&self, span: &RunningSpan) -> bool {
        let path = span.path.as_deref().unwrap_or_default();
        let has_text = |text: &Regex| text.is_match(path.as_bytes()) || text.is_match(span.name.as_bytes());
        self.status.is_none()
            && self.route.as_ref().is_none_or(|route| path.contains(route) || span.name.contains(route))
            && self.text.as_ref().is_none_or(has_text)
    }
}

impl Status {
    fn parse(text: &str) -> Option<Self> {
        match text.as_bytes() {
            b"error" => Some(Self::Error),
            b"ok" => Some(Self::Ok),
            [class @ b'1'..=b'5', b'x', b'x'] => Some(Self::Class(u16::from(class - b'0'))),
            _ => text.parse().ok().filter(|code| (100..600).contains(code)).map(Self::Code),
        }
    }

    fn is_of(self, is_error: bool, code: Option<u16>) -> bool {
        match self {
            Self::Error => is_error,
            Self::Ok => !is_error,
            Self::Class(class) => code.is_some_and(|code| code / 100 == class),
            Self::Code(wanted) => code == Some(wanted),
        }
    }
}

/// An expression for the text itself, in any case.
fn literal(text: &str) -> Option<Regex> {
    RegexBuilder::new(&regex::escape(text)).case_insensitive(true).build().ok()
}
