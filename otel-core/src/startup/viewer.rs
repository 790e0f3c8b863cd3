//! The viewer of this process, which all signals share.

use crate::config::Config;
#[cfg(feature = "viewer")]
use crate::config::{ExporterName, ViewerSettings};

/// The viewer, if it is configured and could be started.
#[derive(Clone, Debug, Default)]
pub(super) struct LocalViewer {
    #[cfg(feature = "viewer")]
    pub(super) viewer: Option<std::sync::Arc<otel_viewer::Viewer>>,
}

impl LocalViewer {
    /// Starts the viewer if a signal goes there, and prints its link.
    #[cfg(feature = "viewer")]
    pub(super) fn start(config: &Config, service: &str) -> Self {
        let signals = [&config.traces.exporters, &config.metrics.exporters, &config.logs.exporters];
        if !signals.into_iter().any(|exporters| exporters.contains(&ExporterName::Viewer)) {
            return Self::default();
        }
        match start(&config.viewer, service) {
            Ok(viewer) => {
                let viewer = std::sync::Arc::new(viewer);
                crate::self_log::info(format_args!("viewer: {}", viewer.link()));
                crate::span_watch::install(crate::exporter::viewer::ViewerWatch(std::sync::Arc::clone(&viewer)));
                Self { viewer: Some(viewer) }
            }
            Err(error) => {
                crate::self_log::error(format_args!(
                    "the viewer could not be started: {error} (OTEL_RUST_VIEWER_PORT)"
                ));
                Self::default()
            }
        }
    }

    /// Starts nothing: this build has no viewer.
    #[cfg(not(feature = "viewer"))]
    pub(super) fn start(_: &Config, _: &str) -> Self {
        Self::default()
    }
}

/// Starts the viewer. If another program has the default port, any free one is used; a configured port is not replaced.
#[cfg(feature = "viewer")]
fn start(settings: &ViewerSettings, service: &str) -> std::io::Result<otel_viewer::Viewer> {
    let with_port = |port| {
        let mut viewer = otel_viewer::Settings::default().with_port(port).with_memory(settings.memory << 20);
        viewer.token.clone_from(&settings.token);
        otel_viewer::Viewer::start(viewer.with_service(service))
    };
    match settings.port {
        Some(port) => with_port(port),
        None => with_port(ViewerSettings::DEFAULT_PORT).or_else(|_| with_port(0)),
    }
}

/// Reports that a signal is not exported because this build has no viewer.
#[cfg(not(feature = "viewer"))]
pub(super) fn lacks_viewer(variable: &str) {
    let reason = "this build lacks it, its cargo feature `viewer` is off";
    let problem = crate::config::Problem::new(variable, "viewer", reason, "none");
    crate::self_log::warn(format_args!("{problem}"));
}
