//! Globals of the OpenTelemetry API that were replaced since start-up installed ours.
//!
//! The API gives no access to the installed providers. But a request for a tracer or a meter reaches them, and ours
//! recognise it and leave an answer: see `global_probe`, and for the propagator `propagation::installed`.

use crate::findings::Global;
use crate::{meters, propagation, recorder};

/// The globals that were replaced. `measures` is `true` if start-up installed a meter provider.
pub(super) fn replaced(measures: bool) -> impl Iterator<Item = Global> {
    let checks = [
        (Global::TracerProvider, recorder::global_provider().is_some()),
        (Global::MeterProvider, !measures || meters::global_meters().is_some()),
        (Global::Propagator, propagation::ask_global().is_some()),
    ];
    checks.into_iter().filter(|(_, ours)| !ours).map(|(global, _)| global)
}
