//! Writes attributes from facts directly as bytes.

use opentelemetry::KeyValue;

use super::memo::Memo;
use super::value;
use crate::attribute::{AttributeSink, Derived};
use crate::config::SpanLimitSettings;
use crate::recorder::cut;

/// Number of the field of a `Span` message that holds attributes.
pub(super) const ATTRIBUTES: u8 = 9;

/// The most attributes of the application that are compared with all others; beyond that, hashing is cheaper.
const FEW: usize = 16;

/// With this many free places, no attribute of a remembered group is dropped.
const PLENTY: u32 = 16;

// The kinds of keys in the memo.
const LITERALS: u8 = 1;
const HTTP_AUTHORITY: u8 = 2;
const HTTPS_AUTHORITY: u8 = 3;
const PEER: u8 = 4;
const USER_AGENT: u8 = 5;

/// Writes attributes as they come. If the application repeats a key, the written bytes cannot be used, and
/// [`dropped`](Visitor::dropped) returns `None`.
#[derive(Debug)]
pub(super) struct Visitor<'a> {
    out: &'a mut Vec<u8>,
    memo: &'a mut Memo,
    /// The application's attributes.
    app: &'a [KeyValue],
    repeats: bool,
    /// The number of attributes for which there is room.
    room: u32,
    dropped: u32,
    longest: Option<usize>,
}

impl<'a> Visitor<'a> {
    /// A visitor, unless the application's attributes are too many for it.
    pub(super) fn new(
        out: &'a mut Vec<u8>,
        memo: &'a mut Memo,
        app: &'a [KeyValue],
        limits: &SpanLimitSettings,
    ) -> Option<Self> {
        (app.len() <= FEW).then_some(Self {
            out,
            memo,
            app,
            repeats: false,
            room: limits.attributes,
            dropped: 0,
            longest: limits.attribute_value_length,
        })
    }

    /// The number of attributes without room. `None` if a key was repeated.
    pub(super) fn dropped(&self) -> Option<u32> {
        (!self.repeats).then_some(self.dropped)
    }

    /// Writes the remembered encoding of `key`, or encodes and remembers it. Encodes without remembering where
    /// attributes may be repeated, cut or dropped.
    #[inline]
    fn remembered(&mut self, kind: u8, key: &[u8], encode: impl FnOnce(&mut Self)) {
        if !self.app.is_empty() || self.longest.is_some() || self.room < PLENTY {
            return encode(self);
        }
        if let Some((bytes, attributes)) = self.memo.find(kind, key) {
            self.out.extend_from_slice(bytes);
            self.room -= attributes;
            return;
        }
        let (start, room) = (self.out.len(), self.room);
        encode(self);
        if let Some(bytes) = self.out.get(start..) {
            self.memo.remember(kind, key, bytes, room - self.room);
        }
    }

    /// Compares a key with those of the application's attributes, except the attribute `itself`.
    fn compare(&mut self, key: &str, itself: Option<&KeyValue>) {
        let is_itself = |other: &KeyValue| itself.is_some_and(|itself| std::ptr::eq(other, itself));
        self.repeats |= self.app.iter().any(|other| other.key.as_str() == key && !is_itself(other));
    }

    /// Returns `true` if there is room for an attribute. `itself` is the attribute if it is the application's own.
    #[inline]
    fn admits(&mut self, key: &str, itself: Option<&KeyValue>) -> bool {
        if !self.app.is_empty() {
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

/// Inlined: each key is a constant at the call, so its copy becomes a few instructions of known length.
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

    fn literals<const COUNT: usize>(&mut self, all: [(&'static str, &'static str); COUNT]) {
        // Identifies literals by their addresses.
        let mut addresses = [[[0; size_of::<usize>()]; 3]; COUNT];
        for (address, (key, value)) in addresses.iter_mut().zip(all) {
            let [value, length, key] = [value.as_ptr().addr(), value.len(), key.as_ptr().addr()];
            *address = [value.to_ne_bytes(), length.to_ne_bytes(), key.to_ne_bytes()];
        }
        self.remembered(LITERALS, addresses.as_flattened().as_flattened(), |visitor| {
            for (key, value) in all {
                visitor.literal(key, value);
            }
        });
    }

    fn derived(&mut self, kind: Derived, bytes: &[u8], derive: impl FnOnce(&mut Self)) {
        let kind = match kind {
            Derived::HttpAuthority => HTTP_AUTHORITY,
            Derived::HttpsAuthority => HTTPS_AUTHORITY,
            Derived::Peer => PEER,
            Derived::UserAgent => USER_AGENT,
        };
        self.remembered(kind, bytes, derive);
    }

    fn attribute(&mut self, attribute: KeyValue) {
        self.borrowed(&attribute);
    }

    fn borrowed(&mut self, attribute: &KeyValue) {
        let key = attribute.key.as_str();
        if self.admits(key, Some(attribute)) {
            value::any_attribute(self.out, ATTRIBUTES, key, &attribute.value, self.longest);
        }
    }
}
