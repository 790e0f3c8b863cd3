//! Attributes on their way from facts to bytes, without a stop.

use opentelemetry::KeyValue;

use super::memo::Memo;
use super::span::ATTRIBUTES;
use super::value::{self, cut};
use crate::attribute::{AttributeSink, Derived};
use crate::config::SpanLimitSettings;

/// As many attributes of the application are compared with all others; for more, hashing is cheaper.
const FEW: usize = 16;

/// With so much room left nothing is dropped of what facts are remembered for.
const PLENTY: u32 = 16;

/// Of the memo: literals that go together. The other kinds follow.
const LITERALS: u8 = 1;

/// Writes attributes as they come. Each key counts once, and facts do not repeat any; but the application may set what
/// it likes. If it did repeat one, what was written is void.
#[derive(Debug)]
pub(super) struct Visitor<'a> {
    out: &'a mut Vec<u8>,
    memo: &'a mut Memo,
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
    pub(super) fn new(
        out: &'a mut Vec<u8>,
        memo: &'a mut Memo,
        own: &'a [KeyValue],
        limits: &SpanLimitSettings,
    ) -> Option<Self> {
        (own.len() <= FEW).then_some(Self {
            out,
            memo,
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

    /// Writes what was made of the same before, or remembers what is made now. Only where nothing can be repeated, cut or
    /// dropped.
    #[inline]
    fn remembered(&mut self, kind: u8, key: &[u8], tell: impl FnOnce(&mut Self)) {
        if !self.own.is_empty() || self.longest.is_some() || self.room < PLENTY {
            return tell(self);
        }
        if let Some((bytes, attributes)) = self.memo.find(kind, key) {
            self.out.extend_from_slice(bytes);
            self.room -= attributes;
            return;
        }
        let (start, room) = (self.out.len(), self.room);
        tell(self);
        if let Some(bytes) = self.out.get(start..) {
            self.memo.remember(kind, key, bytes, room - self.room);
        }
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

    fn literals<const COUNT: usize>(&mut self, all: [(&'static str, &'static str); COUNT]) {
        // Known by their places.
        let addresses =
            all.map(|(key, value)| [value.as_ptr().addr(), key.as_ptr().addr(), value.len()].map(usize::to_ne_bytes));
        self.remembered(LITERALS, addresses.as_flattened().as_flattened(), |visitor| {
            for (key, value) in all {
                visitor.literal(key, value);
            }
        });
    }

    fn derived(&mut self, what: Derived, from: &[u8], tell: impl FnOnce(&mut Self)) {
        let kind = match what {
            Derived::HttpAuthority => 2,
            Derived::HttpsAuthority => 3,
            Derived::Peer => 4,
            Derived::UserAgent => 5,
        };
        self.remembered(kind, from, tell);
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
