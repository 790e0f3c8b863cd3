//! Facts → attributes, one file per generation of the conventions.

mod old;
mod seen;
mod stable;
#[cfg(test)]
pub(crate) mod tests;

use super::method::RequestMethod;
use super::request::RequestFacts;
use super::settings::{HttpSettings, SemconvMode};
use super::synthetic::synthetic_type;
use super::text::text;
use crate::attribute::AttributeSink;

pub(crate) use seen::{Seen, scheme};

/// Visits the attributes that are known when the request arrives, and that samplers therefore see.
pub(crate) fn of_request(
    facts: &RequestFacts<'_>,
    seen: &Seen<'_>,
    method: RequestMethod<'_>,
    settings: &HttpSettings,
    sink: &mut impl AttributeSink,
) {
    let mode = settings.semconv;
    if mode != SemconvMode::Old {
        stable::request(facts, seen, method, sink);
    }
    if mode != SemconvMode::Stable {
        old::request(facts, seen, method, sink);
    }
    // Opt-in. Both generations use these names: the older conventions define none.
    if settings.synthetic_user_agents
        && let Some(synthetic) = seen.user_agent.and_then(|user_agent| synthetic_type(&text(user_agent)))
    {
        sink.literal("user_agent.synthetic.type", synthetic);
    }
    settings.headers.of_request(facts.headers, sink);
}

/// Visits the attributes that the response adds, except its headers.
pub(crate) fn of_response(status: u16, route: Option<&str>, settings: &HttpSettings, sink: &mut impl AttributeSink) {
    let mode = settings.semconv;
    // Both generations have `http.route`: it must not be set twice.
    if let Some(route) = route {
        sink.string("http.route", route);
    }
    if mode != SemconvMode::Old {
        stable::response(status, sink);
    }
    if mode != SemconvMode::Stable {
        old::response(status, sink);
    }
}
