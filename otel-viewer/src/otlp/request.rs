//! One export → its spans, log records or metrics, each with the resource and the scope it belongs to.

use super::to_json::text;
use super::wire::{Fields, Malformed, Wire};

/// The resource and the instrumentation scope of an item, in wire format.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    /// A `Resource` message.
    pub(crate) resource: Box<[u8]>,
    pub(crate) resource_schema_url: Box<str>,
    /// An `InstrumentationScope` message.
    pub(crate) scope: Box<[u8]>,
    pub(crate) scope_schema_url: Box<str>,
}

impl Origin {
    /// `service.name` of the resource.
    pub(crate) fn service(&self) -> String {
        attributes(&self.resource, 1)
            .find(|(key, _)| *key == b"service.name")
            .map(|(_, value)| text(string(value)).into_owned())
            .unwrap_or_default()
    }

    /// Bytes that an origin occupies.
    pub(crate) fn size(&self) -> usize {
        let Self { resource, resource_schema_url, scope, scope_schema_url } = self;
        size_of::<Self>() + resource.len() + resource_schema_url.len() + scope.len() + scope_schema_url.len()
    }
}

/// The items of one scope.
type ScopeItems<'a> = (Origin, Vec<&'a [u8]>);

/// The items of an `Export…ServiceRequest` with their origins. The three requests have equal field numbers: resources 1,
/// scopes 2, items 2. Nothing is returned of a request that is malformed anywhere.
pub(crate) fn items(request: &[u8]) -> Result<Vec<ScopeItems<'_>>, Malformed> {
    let mut found = Vec::new();
    for resource_items in nested(request, 1) {
        let resource_items = resource_items?;
        let (resource, resource_schema_url) = envelope(resource_items)?;
        for scope_items in nested(resource_items, 2) {
            let scope_items = scope_items?;
            let (scope, scope_schema_url) = envelope(scope_items)?;
            let origin = Origin {
                resource: resource.into(),
                resource_schema_url: resource_schema_url.clone(),
                scope: scope.into(),
                scope_schema_url,
            };
            let items = nested(scope_items, 2).collect::<Result<_, _>>()?;
            found.push((origin, items));
        }
    }
    Ok(found)
}

/// The values of a field that holds messages.
fn nested(message: &[u8], wanted: u32) -> impl Iterator<Item = Result<&[u8], Malformed>> {
    Fields::of(message).filter_map(move |field| match field {
        Ok((number, Wire::Bytes(bytes))) if number == wanted => Some(Ok(bytes)),
        Ok(_) => None,
        Err(error) => Some(Err(error)),
    })
}

/// The first field, and the schema URL, which is the third in all envelopes.
fn envelope(message: &[u8]) -> Result<(&[u8], Box<str>), Malformed> {
    let (mut first, mut schema_url): (&[u8], _) = (&[], "".into());
    for field in Fields::of(message) {
        match field? {
            (1, Wire::Bytes(bytes)) => first = bytes,
            (3, Wire::Bytes(bytes)) => schema_url = text(bytes).into(),
            _ => {}
        }
    }
    Ok((first, schema_url))
}

/// The attributes of a message that has them in the field `number`: keys, and values as `AnyValue` messages.
pub(crate) fn attributes(message: &[u8], number: u32) -> impl Iterator<Item = (&[u8], &[u8])> {
    nested(message, number).filter_map(Result::ok).map(key_and_value)
}

/// The key of a `KeyValue` message, and its value as an `AnyValue` message.
pub(super) fn key_and_value(attribute: &[u8]) -> (&[u8], &[u8]) {
    let (mut key, mut value): (&[u8], &[u8]) = (&[], &[]);
    for (number, wire) in Fields::of(attribute).filter_map(Result::ok) {
        match number {
            1 => key = wire.bytes(),
            2 => value = wire.bytes(),
            _ => {}
        }
    }
    (key, value)
}

/// The bytes of the text in an `AnyValue`; empty if it is no string.
pub(crate) fn string(value: &[u8]) -> &[u8] {
    match Fields::of(value).next() {
        Some(Ok((1, Wire::Bytes(bytes)))) => bytes,
        _ => &[],
    }
}

/// The number of an `AnyValue` that is an integer, or a string of digits.
pub(crate) fn integer(value: &[u8]) -> Option<i64> {
    match Fields::of(value).next()?.ok()? {
        (3, wire) => Some(wire.number().cast_signed()),
        (1, wire) => text(wire.bytes()).parse().ok(),
        _ => None,
    }
}
