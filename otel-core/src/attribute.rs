//! The receiver of attributes that are derived from facts.

use opentelemetry::KeyValue;

/// The kind of bytes from which attributes are derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Derived {
    /// The authority of an `http://` URL.
    HttpAuthority,
    /// The authority of an `https://` URL.
    HttpsAuthority,
    /// The address of a peer that is the client.
    Peer,
    UserAgent,
}

/// A receiver of attributes, one by one, as borrowed values: a vector for exporters and the API, or an encoder of OTLP.
pub(crate) trait AttributeSink {
    /// A borrowed text.
    fn string(&mut self, key: &'static str, value: &str);

    /// A text in static memory.
    fn literal(&mut self, key: &'static str, value: &'static str) {
        self.string(key, value);
    }

    /// Several texts in static memory.
    fn literals<const COUNT: usize>(&mut self, all: [(&'static str, &'static str); COUNT]) {
        for (key, value) in all {
            self.literal(key, value);
        }
    }

    /// Attributes that follow from `_bytes` alone and that `derive` adds. A sink may remember them for the same bytes.
    fn derived(&mut self, _kind: Derived, _bytes: &[u8], derive: impl FnOnce(&mut Self))
    where
        Self: Sized,
    {
        derive(self);
    }

    /// An integer.
    fn integer(&mut self, key: &'static str, value: i64);

    /// An attribute of any type.
    fn attribute(&mut self, attribute: KeyValue);

    /// A borrowed attribute of any type.
    fn borrowed(&mut self, attribute: &KeyValue) {
        self.attribute(attribute.clone());
    }
}

impl AttributeSink for Vec<KeyValue> {
    fn string(&mut self, key: &'static str, value: &str) {
        self.push(KeyValue::new(key, value.to_owned()));
    }

    fn literal(&mut self, key: &'static str, value: &'static str) {
        self.push(KeyValue::new(key, value));
    }

    fn integer(&mut self, key: &'static str, value: i64) {
        self.push(KeyValue::new(key, value));
    }

    fn attribute(&mut self, attribute: KeyValue) {
        self.push(attribute);
    }
}
