//! Reports that exporters with the same destination share.

use std::time::Duration;

use crate::config::Config;
#[cfg(feature = "_otlp")]
use crate::config::OtlpSettings;
use crate::exporter::failure_report::FailureReporter;
#[cfg(feature = "_otlp")]
use crate::exporter::signal::Signal;
use crate::findings::Finding;

/// The destinations of telemetry.
#[derive(Clone, Debug)]
pub(super) struct Destinations {
    /// The name of a destination that exporters may share, and its reporter.
    reporters: Vec<(Option<String>, FailureReporter)>,
    /// `true` if variables turn signals off. Beside a configuration file they have no effect.
    #[cfg_attr(not(feature = "_otlp"), expect(dead_code, reason = "this build has no OTLP"))]
    variables_count: bool,
}

impl Destinations {
    pub(super) fn new(config: &Config) -> Self {
        Self { reporters: Vec::new(), variables_count: config.file.is_none() }
    }

    /// The console, which all signals share.
    pub(super) fn console(&mut self) -> FailureReporter {
        self.shared("console".to_owned())
    }

    /// The collector at this endpoint, whatever its path.
    #[cfg(feature = "_otlp")]
    pub(super) fn collector(&mut self, otlp: &OtlpSettings, signal: Signal) -> FailureReporter {
        let collector = self.shared(otlp.origin());
        if self.variables_count {
            collector.expect(signal);
        }
        collector
    }

    /// The destination of an exporter that code brings. It is not shared.
    pub(super) fn custom(&mut self) -> FailureReporter {
        self.add(None)
    }

    fn shared(&mut self, place: String) -> FailureReporter {
        match self.reporters.iter().find(|(known, _)| known.as_ref() == Some(&place)) {
            Some((_, reporter)) => reporter.clone(),
            None => self.add(Some(place)),
        }
    }

    fn add(&mut self, place: Option<String>) -> FailureReporter {
        let reporter = FailureReporter::default();
        self.reporters.push((place, reporter.clone()));
        reporter
    }

    /// Holds reports back until [`report_rest`](Self::report_rest), while telemetry is shut down within `allowed`.
    pub(super) fn hold_back(&self, allowed: Duration) {
        self.reporters().for_each(|reporter| reporter.hold_back(allowed));
    }

    /// Reports everything that was not reported so far.
    pub(super) fn report_rest(&self) {
        self.reporters().for_each(FailureReporter::report_rest);
    }

    /// The destinations to which the last export of a signal failed.
    pub(super) fn failing(&self) -> Vec<Finding> {
        self.reporters().filter_map(FailureReporter::finding).collect()
    }

    /// The items that failed exports have lost so far.
    pub(super) fn lost(&self) -> Vec<Finding> {
        let mut lost = Vec::new();
        for reporter in self.reporters() {
            lost.extend(reporter.losses());
        }
        lost
    }

    fn reporters(&self) -> impl Iterator<Item = &FailureReporter> {
        self.reporters.iter().map(|(_, reporter)| reporter)
    }
}
