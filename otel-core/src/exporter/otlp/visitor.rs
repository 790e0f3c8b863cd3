//! Attributes on their way from facts to bytes, without a stop.

use opentelemetry::KeyValue;

use super::span::ATTRIBUTES;
use super::value::{self, cut};
use crate::config::SpanLimitSettings;
use crate::recorder::AttributeSink;

/// As many attributes of the application are compared with all others; for more, hashing is cheaper.
const FEW: usize = 16;

/// Writes attributes as they come. Each key counts once, and facts do not repeat any; but the application may set what
/// it likes. If it did repeat one, what was written is void.
#[derive(Debug)]
pub(super) struct Visitor<'a> {
    out: &'a mut Vec<u8>,
    /// The application's attributes.
    own: &'a [KeyValue],
    repeats: bool,
    /// How many there is room for.
    room: u32,
    dropped: u32,
    longest: Option<usize>,
}

impl<'a> Visitor<'a> {
    /// A visitor, unless the application's attributes are too many for it.
    pub(super) fn new(out: &'a mut Vec<u8>, own: &'a [KeyValue], limits: &SpanLimitSettings) -> Option<Self> {
        (own.len() <= FEW).then_some(Self {
            out,
            own,
            repeats: false,
            room: limits.attributes,
            dropped: 0,
            longest: limits.attribute_value_length,
        })
    }

    /// How many attributes found no room. `None` if a key was repeated.
    pub(super) fn dropped(&self) -> Option<u32> {
        (!self.repeats).then_some(self.dropped)
    }

    /// Whether the application has set an attribute of this key as well.
    fn compare(&mut self, key: &str, itself: Option<&KeyValue>) {
        let is_itself = |own: &KeyValue| itself.is_some_and(|itself| std::ptr::eq(own, itself));
        self.repeats |= self.own.iter().any(|own| own.key.as_str() == key && !is_itself(own));
    }

    /// Whether there is room for an attribute, which `itself` may be one of the application's.
    #[inline]
    fn admits(&mut self, key: &str, itself: Option<&KeyValue>) -> bool {
        if !self.own.is_empty() {
            self.compare(key, itself);
        }
        if self.room == 0 {
            self.dropped = self.dropped.saturating_add(1);
            return false;
        }
        self.room -= 1;
        true
    }
}

/// Inlined: each key is known where an attribute is made, and so are its length and the few instructions that copy it.
#[allow(clippy::inline_always, reason = "as measured: an eighth of all instructions")]
impl AttributeSink for Visitor<'_> {
    #[inline(always)]
    fn string(&mut self, key: &'static str, value: &str) {
        if self.admits(key, None) {
            value::text_attribute(self.out, ATTRIBUTES, key, cut(value, self.longest));
        }
    }

    #[inline(always)]
    fn integer(&mut self, key: &'static str, value: i64) {
        if self.admits(key, None) {
            value::integer_attribute(self.out, ATTRIBUTES, key, value);
        }
    }

    fn attribute(&mut self, attribute: KeyValue) {
        self.kept(&attribute);
    }

    fn kept(&mut self, attribute: &KeyValue) {
        let key = attribute.key.as_str();
        if self.admits(key, Some(attribute)) {
            value::any_attribute(self.out, ATTRIBUTES, key, &attribute.value, self.longest);
        }
    }
}
