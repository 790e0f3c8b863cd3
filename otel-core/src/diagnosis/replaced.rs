//! Do the globals of the OpenTelemetry API lead to what start-up installed?
//!
//! The API shows nobody what it holds. But what it holds is called when somebody asks it for something, and ours then
//! answer: the providers by means of `global_probe`, the propagator by that of `propagation::installed`.

use crate::findings::Global;
use crate::{meters, propagation, recorder};

/// The globals that somebody else replaced since the start. `measures`: whether there is a meter provider of ours.
pub(super) fn replaced(measures: bool) -> impl Iterator<Item = Global> {
    let checks = [
        (Global::TracerProvider, recorder::global_provider().is_some()),
        (Global::MeterProvider, !measures || meters::global_meters().is_some()),
        (Global::Propagator, propagation::asked().is_some()),
    ];
    checks.into_iter().filter(|(_, ours)| !ours).map(|(global, _)| global)
}
