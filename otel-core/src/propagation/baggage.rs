//! [W3C Baggage](https://www.w3.org/TR/baggage/).
//!
//! The SDK's propagator reads only the first line of a repeated header, cuts values at a second `=`, and logs a
//! malformed header, which may be personal. It does not encode `%`, so the value `%41` arrives as `A`, and it does not
//! check the bytes of properties.

use opentelemetry::Context;
use opentelemetry::baggage::{BaggageExt as _, KeyValueMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use std::sync::LazyLock;

use crate::config::is_token;

const BAGGAGE: &str = "baggage";
static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [BAGGAGE.to_owned()]);

/// Characters to encode: all but `baggage-octet`s; `%`, which would look like an encoded character; and `=`, at which
/// some parsers cut values.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%').add(b'=');

/// [Limits](https://www.w3.org/TR/baggage/#limits). Members beyond them are left out.
const MOST_MEMBERS: usize = 64;
const MOST_BYTES: usize = 8192;

/// Propagates baggage in the header `baggage`, however many lines it has. Malformed members are left out.
#[derive(Clone, Copy, Debug, Default)]
pub struct BaggagePropagator {
    _private: (),
}

impl BaggagePropagator {
    /// Creates the propagator.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

impl TextMapPropagator for BaggagePropagator {
    fn inject_context(&self, cx: &Context, injector: &mut dyn Injector) {
        let mut header = String::new();
        let entries = cx.baggage().iter().filter(|(key, _)| is_token(key.as_str()));
        for (key, (value, metadata)) in entries.take(MOST_MEMBERS) {
            let before = header.len();
            if before > 0 {
                header.push(',');
            }
            header.push_str(key.as_str());
            header.push('=');
            header.extend(utf8_percent_encode(value.as_str(), ENCODED));
            if is_properties(metadata.as_str()) {
                header.push(';');
                header.push_str(metadata.as_str());
            }
            if header.len() > MOST_BYTES {
                header.truncate(before);
            }
        }
        if !header.is_empty() {
            injector.set(BAGGAGE, header);
        }
    }

    fn extract_with_context(&self, cx: &Context, extractor: &dyn Extractor) -> Context {
        let Some(lines) = extractor.get_all(BAGGAGE) else { return cx.clone() };
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
        FieldIter::new(FIELDS.as_slice())
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
    // Bytes that are not UTF-8 "MUST be replaced with the replacement code point": https://www.w3.org/TR/baggage/#value
    let value = percent_decode_str(value.trim()).decode_utf8_lossy();
    Some(KeyValueMetadata::new(key.to_owned(), value.into_owned(), metadata.trim()))
}

/// Returns `true` if there are properties, and none of them would break the header.
fn is_properties(metadata: &str) -> bool {
    !metadata.is_empty() && metadata.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t') && byte != b',')
}
