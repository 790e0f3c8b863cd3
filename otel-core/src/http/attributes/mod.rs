//! Facts → attributes, one file per generation of the conventions.

mod old;
mod stable;
#[cfg(test)]
mod tests;

use super::method::RequestMethod;
use super::request::RequestFacts;
use super::settings::SemconvMode;
use opentelemetry::{KeyValue, StringValue};

/// Attributes that are known when the request arrives, so that samplers see them.
pub(super) fn of_request(facts: &RequestFacts<'_>, method: RequestMethod<'_>, mode: SemconvMode) -> Vec<KeyValue> {
    // 12 stable and 12 old ones at most, and room for what the response adds: one allocation.
    let mut attributes = Vec::with_capacity(if mode == SemconvMode::Dup { 32 } else { 16 });
    if mode != SemconvMode::Old {
        stable::request(facts, method, &mut attributes);
    }
    if mode != SemconvMode::Stable {
        old::request(facts, method, &mut attributes);
    }
    attributes
}

/// Attributes that the response adds.
pub(super) fn of_response(status: u16, route: Option<StringValue>, mode: SemconvMode) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(4);
    // `http.route` is one attribute in both generations; the SDK would record it twice.
    if let Some(route) = route {
        attributes.push(KeyValue::new("http.route", route));
    }
    if mode != SemconvMode::Old {
        stable::response(status, &mut attributes);
    }
    if mode != SemconvMode::Stable {
        old::response(status, &mut attributes);
    }
    attributes
}
