//! A meter provider that keeps each measurement, with the trace it was made in.
//!
//! Metrics of the SDK belong to no trace: measurements of parallel tests would end up in one sum.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::metrics::{
    Counter, Gauge, Histogram, HistogramBuilder, InstrumentBuilder, InstrumentProvider, Meter, MeterProvider,
    SyncInstrument, UpDownCounter,
};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context, InstrumentationScope, KeyValue};

use super::metric::{Instrument, Measurement, MetricKind};
use super::store::Store;

/// The meter provider.
#[derive(Debug)]
pub(super) struct TestMeters(pub(super) &'static Store);

impl MeterProvider for TestMeters {
    fn meter_with_scope(&self, scope: InstrumentationScope) -> Meter {
        Meter::new(Arc::new(TestInstruments { store: self.0, scope }))
    }
}

struct TestInstruments {
    store: &'static Store,
    scope: InstrumentationScope,
}

impl TestInstruments {
    fn instrument(
        &self,
        kind: MetricKind,
        name: Cow<'static, str>,
        description: Option<Cow<'static, str>>,
        unit: Option<Cow<'static, str>>,
    ) -> Arc<Recorder> {
        let (description, unit) = (description.unwrap_or_default(), unit.unwrap_or_default());
        let instrument = Instrument { name, description, unit, kind, scope: self.scope.clone() };
        Arc::new(Recorder { store: self.store, instrument: Arc::new(instrument) })
    }
}

/// A method of [`InstrumentProvider`] for each kind of instrument and type of value.
macro_rules! instruments {
    ($($method:ident: $builder:ident of $instrument:ident<$value:ty>,)+) => {
        $(fn $method(&self, builder: $builder<'_, $instrument<$value>>) -> $instrument<$value> {
            let $builder { name, description, unit, .. } = builder;
            $instrument::new(self.instrument(MetricKind::$instrument, name, description, unit))
        })+
    };
}

/// Instruments with callbacks measure outside of any test: they stay the no-op of the trait.
impl InstrumentProvider for TestInstruments {
    instruments! {
        u64_counter: InstrumentBuilder of Counter<u64>,
        f64_counter: InstrumentBuilder of Counter<f64>,
        i64_up_down_counter: InstrumentBuilder of UpDownCounter<i64>,
        f64_up_down_counter: InstrumentBuilder of UpDownCounter<f64>,
        u64_gauge: InstrumentBuilder of Gauge<u64>,
        i64_gauge: InstrumentBuilder of Gauge<i64>,
        f64_gauge: InstrumentBuilder of Gauge<f64>,
        u64_histogram: HistogramBuilder of Histogram<u64>,
        f64_histogram: HistogramBuilder of Histogram<f64>,
    }
}

struct Recorder {
    store: &'static Store,
    instrument: Arc<Instrument>,
}

impl Recorder {
    fn record(&self, value: f64, attributes: &[KeyValue]) {
        let trace = Context::map_current(|context| context.span().span_context().trace_id());
        self.store.add(trace, |recorded| {
            let (instrument, attributes) = (Arc::clone(&self.instrument), attributes.to_vec());
            recorded.measurements.push(Measurement { instrument, attributes, value });
        });
    }
}

impl SyncInstrument<f64> for Recorder {
    fn measure(&self, value: f64, attributes: &[KeyValue]) {
        self.record(value, attributes);
    }
}

impl SyncInstrument<u64> for Recorder {
    #[allow(clippy::cast_precision_loss, reason = "documented: exact up to 2^53")]
    fn measure(&self, value: u64, attributes: &[KeyValue]) {
        self.record(value as f64, attributes);
    }
}

impl SyncInstrument<i64> for Recorder {
    #[allow(clippy::cast_precision_loss, reason = "documented: exact up to 2^53")]
    fn measure(&self, value: i64, attributes: &[KeyValue]) {
        self.record(value as f64, attributes);
    }
}
