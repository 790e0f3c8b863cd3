//! JSON in memory, before it is printed.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// A value. Objects keep the order of their fields.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'a> {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Double(f64),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<JsonField<'a>>),
}

/// The name and the value of a field.
pub(super) type JsonField<'a> = (&'a str, Json<'a>);

impl<'a> Json<'a> {
    /// Not `collect`, which needs several functions for each type of iterator.
    pub(super) fn list(values: impl Iterator<Item = Json<'a>>) -> Self {
        let mut list = Vec::new();
        for value in values {
            list.push(value);
        }
        Self::List(list)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Signed(value) => serializer.serialize_i64(*value),
            Self::Unsigned(value) => serializer.serialize_u64(*value),
            Self::Double(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(values) => serializer.collect_seq(values),
            Self::Object(fields) => serializer.collect_map(fields.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl From<bool> for Json<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Json<'_> {
    fn from(value: i64) -> Self {
        Self::Signed(value)
    }
}

impl From<u64> for Json<'_> {
    fn from(value: u64) -> Self {
        Self::Unsigned(value)
    }
}

/// JSON has no `NaN` and no infinities. They are strings, as in
/// [protobuf's JSON mapping](https://protobuf.dev/programming-guides/json/), so nothing is lost.
impl From<f64> for Json<'_> {
    fn from(value: f64) -> Self {
        match value {
            f64::INFINITY => "Infinity".into(),
            f64::NEG_INFINITY => "-Infinity".into(),
            value if value.is_nan() => "NaN".into(),
            value => Self::Double(value),
        }
    }
}

impl<'a> From<&'a str> for Json<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Json<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl<'a, T: Into<Json<'a>>> From<Option<T>> for Json<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
