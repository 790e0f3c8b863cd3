//! `--viewer`: the program serves a page with its requests.

use std::env;

use anyhow::{Result, bail};

use crate::project::Arguments;

/// The setting of the runtime that starts the viewer.
const EXPORTERS: &str = "OTEL_TRACES_EXPORTER";

/// Returns an error if the option is there but would have no effect.
pub(super) fn check(arguments: &Arguments) -> Result<()> {
    if !arguments.has_viewer {
        return Ok(());
    }
    if !arguments.is_run() {
        bail!(
            "`--viewer` is an option of `cargo otel run`. Any instrumented program has a viewer: start it with {EXPORTERS}=viewer"
        );
    }
    if set("OTEL_CONFIG_FILE").is_some() {
        bail!("`--viewer` has no effect with a configuration file: unset OTEL_CONFIG_FILE");
    }
    if set("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        bail!("`--viewer` has no effect without telemetry: unset OTEL_SDK_DISABLED");
    }
    Ok(())
}

/// The variable that starts the viewer, if it is wanted.
pub(super) fn variable(arguments: &Arguments) -> Option<(&'static str, String)> {
    arguments.has_viewer.then(|| (EXPORTERS, with_viewer(set(EXPORTERS).as_deref())))
}

/// A list of exporters, and the viewer.
fn with_viewer(exporters: Option<&str>) -> String {
    match exporters.map(str::trim) {
        None | Some("" | "none") => "viewer".to_owned(),
        Some(exporters) if exporters.split(',').any(|name| name.trim() == "viewer") => exporters.to_owned(),
        Some(exporters) => format!("{exporters},viewer"),
    }
}

fn set(variable: &str) -> Option<String> {
    env::var(variable).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_users_exporters_stay() {
        for (exporters, expected) in [
            (None, "viewer"),
            (Some("none"), "viewer"),
            (Some("viewer"), "viewer"),
            (Some("console, viewer"), "console, viewer"),
            (Some("otlp"), "otlp,viewer"),
        ] {
            assert_eq!(with_viewer(exporters), expected);
        }
    }
}
