//! The meter provider that start-up installs, also when it is behind the API's global.

use std::cell::Cell;
use std::sync::Arc;

use opentelemetry::metrics::{Meter, MeterProvider, NoopMeterProvider};
use opentelemetry::{InstrumentationScope, global};
use opentelemetry_sdk::metrics::SdkMeterProvider;

use crate::{fork, global_probe};

thread_local! {
    static ANSWER: Cell<Option<Meters>> = const { Cell::new(None) };
}

/// The meter provider that start-up installs.
#[derive(Clone, Debug)]
pub(crate) enum Meters {
    /// Metrics are exported.
    Exported(SdkMeterProvider, Arc<()>),
    /// Metrics are not exported.
    Nowhere,
}

impl PartialEq for Meters {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exported(_, one), Self::Exported(_, other)) => Arc::ptr_eq(one, other),
            (one, other) => matches!((one, other), (Self::Nowhere, Self::Nowhere)),
        }
    }
}

impl MeterProvider for Meters {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        global_probe::answer(&ANSWER, &scope, || self.clone());
        match self {
            Self::Exported(provider, _) if !fork::is_child() => provider.meter_with_scope(scope),
            Self::Exported(..) | Self::Nowhere => NoopMeterProvider::new().meter_with_scope(scope),
        }
    }
}

/// The global meter provider. `None` if start-up did not install it.
pub(crate) fn global_meters() -> Option<Meters> {
    global_probe::ask(&ANSWER, |scope| drop(global::meter_with_scope(scope)))
}
