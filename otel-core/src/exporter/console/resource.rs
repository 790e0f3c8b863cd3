//! The resource, in the layout that all signals share.

use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use serde::Serialize;

use super::value::JsonAttributes;

/// The resource, sorted by key: the SDK keeps it in a hash map, whose order differs from run to run.
#[derive(Clone, Debug, Default)]
pub(super) struct ResourceAttributes {
    attributes: Vec<KeyValue>,
    schema_url: String,
}

impl ResourceAttributes {
    pub(super) fn view(&self) -> ResourceView<'_> {
        ResourceView { attributes: JsonAttributes(&self.attributes), schema_url: &self.schema_url }
    }

    pub(super) fn schema_url(&self) -> &str {
        &self.schema_url
    }
}

impl From<&Resource> for ResourceAttributes {
    fn from(resource: &Resource) -> Self {
        let owned = |(key, value): (&Key, &Value)| KeyValue::new(key.clone(), value.clone());
        let mut attributes: Vec<KeyValue> = resource.iter().map(owned).collect();
        attributes.sort_by(|a, b| a.key.as_str().cmp(b.key.as_str()));
        Self { attributes, schema_url: resource.schema_url().unwrap_or_default().to_owned() }
    }
}

#[derive(Serialize)]
pub(super) struct ResourceView<'a> {
    attributes: JsonAttributes<&'a [KeyValue]>,
    schema_url: &'a str,
}
