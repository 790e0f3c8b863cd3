//! Which exporters share their reports: those that send to the same place.

use std::time::Duration;

use crate::config::Config;
#[cfg(feature = "_otlp")]
use crate::config::OtlpSettings;
use crate::exporter::outage::Outage;
#[cfg(feature = "_otlp")]
use crate::exporter::outage::Signal;
use crate::findings::Finding;

/// The places that telemetry goes to.
#[derive(Clone, Debug)]
pub(super) struct Outages {
    places: Vec<(String, Outage)>,
    /// Whether variables would turn a signal off. Beside a configuration file they count for nothing.
    #[cfg_attr(not(feature = "_otlp"), expect(dead_code, reason = "nothing is sent"))]
    variables_count: bool,
}

impl Outages {
    pub(super) fn new(config: &Config) -> Self {
        Self { places: Vec::new(), variables_count: config.file.is_none() }
    }

    /// The console, which every signal shares.
    pub(super) fn of_console(&mut self) -> Outage {
        self.of("console".to_owned())
    }

    /// The collector at this endpoint, whatever the path.
    #[cfg(feature = "_otlp")]
    pub(super) fn of_collector(&mut self, otlp: &OtlpSettings, signal: Signal) -> Outage {
        let collector = self.of(otlp.origin());
        if self.variables_count {
            collector.expect(signal);
        }
        collector
    }

    fn of(&mut self, place: String) -> Outage {
        if let Some((_, known)) = self.places.iter().find(|(known, _)| *known == place) {
            return known.clone();
        }
        let outage = Outage::default();
        self.places.push((place, outage.clone()));
        outage
    }

    /// Telemetry is shut down from now on, and given up after `allowed`: one report at its end says it all.
    pub(super) fn hold_back(&self, allowed: Duration) {
        self.places.iter().for_each(|(_, outage)| outage.hold_back(allowed));
    }

    /// The places where the last export of a signal failed.
    pub(super) fn failing(&self) -> Vec<Finding> {
        self.places.iter().filter_map(|(_, outage)| outage.finding()).collect()
    }

    /// What failed exports cost so far.
    pub(super) fn lost(&self) -> Vec<Finding> {
        self.places.iter().flat_map(|(_, outage)| outage.losses()).collect()
    }

    pub(super) fn last_words(&self) {
        self.places.iter().for_each(|(_, outage)| outage.last_words());
    }
}
