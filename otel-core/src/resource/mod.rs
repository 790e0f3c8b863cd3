//! The resource: the service that emits the telemetry.

mod detectors;

use opentelemetry::{InstrumentationScope, Key, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{ResourceDetector, TelemetryResourceDetector};

use crate::config::Config;

/// `telemetry.distro.name`, which is also the instrumentation scope of SERVER spans.
pub const DISTRO_NAME: &str = "otel-actix";

/// `telemetry.distro.version`, which is also the version of that scope. All crates of the project share it.
pub const DISTRO_VERSION: &str = env!("CARGO_PKG_VERSION");

const SERVICE_NAME: &str = "service.name";

/// The [schema](https://opentelemetry.io/docs/specs/otel/schemas/) of the conventions that the telemetry of this library
/// follows. Scopes name it.
pub const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";

/// The scope of the telemetry that this library records.
pub(crate) fn scope() -> InstrumentationScope {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
        .with_version(env!("CARGO_PKG_VERSION"))
        .with_schema_url(SCHEMA_URL)
        .build()
}

/// The resource of this process: `telemetry.sdk.*`, `telemetry.distro.*`, a random `service.instance.id`, the attributes
/// of the configured detectors, the configured attributes, and `extra` (attributes given in code). Later ones win.
///
/// The service name is the configured one, else the `service.name` among the attributes, else
/// `unknown_service:<executable>` ([specification](https://opentelemetry.io/docs/specs/semconv/resource/#service)).
#[must_use]
pub fn detect(config: &Config, extra: &[KeyValue]) -> Resource {
    let configured = config.resource_attributes.iter().cloned();
    let name = config.service_name.iter().map(|name| KeyValue::new(SERVICE_NAME, name.clone()));
    let detectors: [Box<dyn ResourceDetector>; 1] = [Box::new(TelemetryResourceDetector)];
    Resource::builder_empty()
        .with_detectors(&detectors)
        .with_attributes([
            KeyValue::new(SERVICE_NAME, default_service_name()),
            KeyValue::new("service.instance.id", uuid_v4(rand::random())),
            KeyValue::new("telemetry.distro.name", DISTRO_NAME),
            KeyValue::new("telemetry.distro.version", DISTRO_VERSION),
        ])
        .with_attributes(config.resource_detectors.iter().flat_map(|&detector| detectors::attributes(detector)))
        .with_attributes(configured.filter(|attribute| !is_empty_name(attribute)))
        .with_attributes(extra.iter().cloned())
        .with_attributes(name)
        .build()
}

/// The service name of a resource.
pub(crate) fn service_name(resource: &Resource) -> Value {
    resource.get(&Key::from_static_str(SERVICE_NAME)).unwrap_or_else(|| Value::from("unknown_service"))
}

/// Returns `true` for an empty service name, which counts as unset.
fn is_empty_name(attribute: &KeyValue) -> bool {
    attribute.key.as_str() == SERVICE_NAME && attribute.value.as_str().is_empty()
}

fn default_service_name() -> String {
    let executable = std::env::current_exe().ok();
    let name = executable.as_deref().and_then(|path| path.file_name()).map(|name| name.to_string_lossy());
    name.map_or_else(|| "unknown_service".to_owned(), |name| format!("unknown_service:{name}"))
}

/// Random bits as a UUID of version 4 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.4)).
fn uuid_v4(random: u128) -> String {
    let bits = random & !(0xf << 76) & !(0b11 << 62) | (0x4 << 76) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let groups = [hex.get(..8), hex.get(8..12), hex.get(12..16), hex.get(16..20), hex.get(20..)];
    groups.map(Option::unwrap_or_default).join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(variables: &[(&str, &str)], extra: &[KeyValue]) -> Resource {
        let lookup = |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        detect(&Config::from_lookup(lookup).0, extra)
    }

    fn get(resource: &Resource, key: &'static str) -> String {
        resource.get(&Key::from_static_str(key)).map(|value| value.to_string()).unwrap_or_default()
    }

    #[test]
    fn the_service_name_has_an_order_of_preference() {
        let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=from-attributes,team=a");
        assert!(get(&resource(&[], &[]), SERVICE_NAME).starts_with("unknown_service:otel_core"));
        assert_eq!(get(&resource(&[attributes], &[]), SERVICE_NAME), "from-attributes");
        assert_eq!(get(&resource(&[attributes, ("OTEL_SERVICE_NAME", "own")], &[]), SERVICE_NAME), "own");
        let empty = resource(&[("OTEL_RESOURCE_ATTRIBUTES", "service.name=")], &[]);
        assert!(get(&empty, SERVICE_NAME).starts_with("unknown_service:"));
    }

    #[test]
    fn the_distribution_names_itself() {
        let resource = resource(&[("OTEL_RESOURCE_ATTRIBUTES", "team=a,team=b")], &[KeyValue::new("team", "code")]);
        assert_eq!(get(&resource, "telemetry.distro.name"), "otel-actix");
        assert_eq!(get(&resource, "telemetry.distro.version"), env!("CARGO_PKG_VERSION"));
        assert_eq!(get(&resource, "telemetry.sdk.language"), "rust");
        assert_eq!(get(&resource, "team"), "code", "code wins over the environment");
    }

    #[test]
    fn detectors_are_looked_up_and_the_configuration_wins_over_them() {
        let detectors = ("OTEL_RUST_RESOURCE_DETECTORS", "process,host");
        let detected = resource(&[detectors], &[]);
        assert_eq!(get(&detected, "process.pid"), std::process::id().to_string());
        assert_ne!(get(&detected, "host.name"), "");
        let named = resource(&[detectors, ("OTEL_RESOURCE_ATTRIBUTES", "host.name=shop-7")], &[]);
        assert_eq!(get(&named, "host.name"), "shop-7");
        assert_eq!(get(&resource(&[], &[]), "process.pid"), "", "none by default");
    }

    #[test]
    fn the_scope_names_its_schema() {
        assert_eq!(scope().schema_url(), Some(SCHEMA_URL));
    }

    #[test]
    fn instances_have_ids_of_version_4() {
        assert_eq!(uuid_v4(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid_v4(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        let id = || get(&resource(&[], &[]), "service.instance.id");
        assert_ne!(id(), id());
        let chosen = resource(&[("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=pod-7")], &[]);
        assert_eq!(get(&chosen, "service.instance.id"), "pod-7");
    }
}
