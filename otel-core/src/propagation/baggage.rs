//! [W3C Baggage](https://www.w3.org/TR/baggage/).
//!
//! The SDK's propagator reads only the first line of a repeated header, cuts values at a second `=`, and logs the
//! header, which may be personal, when it is malformed. Its writing is right and is used as it is.

use opentelemetry::Context;
use opentelemetry::baggage::{BaggageExt as _, KeyValueMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry_sdk::propagation::BaggagePropagator as SdkPropagator;
use percent_encoding::percent_decode_str;

use crate::config::is_token;

/// [Limits](https://www.w3.org/TR/baggage/#limits): what exceeds them is left out.
const MOST_MEMBERS: usize = 64;
const MOST_BYTES: usize = 8192;

/// Propagates baggage in the header `baggage`, however many lines it has. Malformed members are left out.
#[derive(Debug, Default)]
pub struct BaggagePropagator {
    sdk: SdkPropagator,
}

impl BaggagePropagator {
    /// Creates the propagator.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl TextMapPropagator for BaggagePropagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        self.sdk.inject_context(cx, injector);
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        let Some(lines) = extractor.get_all("baggage") else { return cx.clone() };
        let mut bytes = 0;
        let within_limit = |member: &&str| {
            bytes += member.len() + 1;
            bytes <= MOST_BYTES + 1
        };
        let members = lines.iter().flat_map(|line| line.split(',')).take_while(within_limit);
        let entries: Vec<_> = members.filter_map(parse).take(MOST_MEMBERS).collect();
        if entries.is_empty() { cx.clone() } else { cx.with_baggage(entries) }
    }

    fn fields(&self) -> FieldIter<'_> {
        self.sdk.fields()
    }
}

/// `key OWS "=" OWS value *( OWS ";" OWS property )`
fn parse(member: &str) -> Option<KeyValueMetadata> {
    let (pair, metadata) = member.split_once(';').unwrap_or((member, ""));
    let (key, value) = pair.split_once('=')?;
    let key = key.trim();
    // `key = token`; a `%` in it stands for itself.
    if !is_token(key) {
        return None;
    }
    let value = percent_decode_str(value.trim()).decode_utf8().ok()?;
    Some(KeyValueMetadata::new(key.to_owned(), value.into_owned(), metadata.trim()))
}
