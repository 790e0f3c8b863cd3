//! Where attributes go that are made from facts.

use opentelemetry::KeyValue;

/// What attributes are derived from.
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

/// Takes attributes one by one, without asking for strings of its own: a vector for exporters and for the API, bytes for
/// OTLP.
pub(crate) trait AttributeSink {
    /// Text that lives elsewhere.
    fn string(&mut self, key: &'static str, value: &str);

    /// Text that is part of the program.
    fn literal(&mut self, key: &'static str, value: &'static str) {
        self.string(key, value);
    }

    /// Several of these.
    fn literals<const COUNT: usize>(&mut self, all: [(&'static str, &'static str); COUNT]) {
        for (key, value) in all {
            self.literal(key, value);
        }
    }

    /// Attributes that follow from these bytes alone: what was made of the same bytes before may be used again.
    fn derived(&mut self, _what: Derived, _from: &[u8], tell: impl FnOnce(&mut Self))
    where
        Self: Sized,
    {
        tell(self);
    }

    /// A whole number.
    fn integer(&mut self, key: &'static str, value: i64);

    /// Anything else.
    fn attribute(&mut self, attribute: KeyValue);

    /// Anything else, which lives elsewhere.
    fn kept(&mut self, attribute: &KeyValue) {
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
