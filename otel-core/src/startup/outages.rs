//! Which exporters share their reports: those that send to the same place.

use std::time::Duration;

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
use crate::config::OtlpSettings;
use crate::exporter::outage::Outage;
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
use crate::exporter::outage::Signal;

/// The places that telemetry goes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Outages(Vec<(String, Outage)>);

impl Outages {
    /// The console, which every signal shares.
    pub(super) fn of_console(&mut self) -> Outage {
        self.of("console".to_owned())
    }

    /// The collector at this endpoint, whatever the path.
    #[cfg(any(feature = "grpc", feature = "otlp-http"))]
    pub(super) fn of_collector(&mut self, otlp: &OtlpSettings, signal: Signal) -> Outage {
        let collector = self.of(otlp.origin());
        collector.expect(signal);
        collector
    }

    fn of(&mut self, place: String) -> Outage {
        if let Some((_, known)) = self.0.iter().find(|(known, _)| *known == place) {
            return known.clone();
        }
        let outage = Outage::default();
        self.0.push((place, outage.clone()));
        outage
    }

    /// Telemetry is shut down from now on, and given up after `allowed`: one report at its end says it all.
    pub(super) fn hold_back(&self, allowed: Duration) {
        self.0.iter().for_each(|(_, outage)| outage.hold_back(allowed));
    }

    pub(super) fn last_words(&self) {
        self.0.iter().for_each(|(_, outage)| outage.last_words());
    }
}
