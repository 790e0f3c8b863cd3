//! The views of a meter provider.

use opentelemetry_sdk::metrics::{Aggregation, Instrument, InstrumentKind, MeterProviderBuilder, Stream};

use crate::config::{HistogramAggregation, MetricsConfig};

/// Adds the configured views, and one for the default aggregation of histograms. Views hold for all readers.
pub(super) fn with_views(builder: MeterProviderBuilder, config: &MetricsConfig) -> MeterProviderBuilder {
    let default = config.histogram_aggregation;
    let views = config.views.clone();
    let builder = views.iter().cloned().fold(builder, |builder, view| {
        builder.with_view(move |instrument: &Instrument| {
            view.selector.selects(instrument).then(|| view.stream.build(aggregation(default, instrument)).ok())?
        })
    });
    match default {
        HistogramAggregation::ExplicitBucket => builder,
        // An instrument has a stream per view, so this one is for instruments that no other view selects.
        HistogramAggregation::Base2ExponentialBucket => builder.with_view(move |instrument: &Instrument| {
            if views.iter().any(|view| view.selector.selects(instrument)) {
                return None;
            }
            Stream::builder().with_aggregation(aggregation(default, instrument)?).build().ok()
        }),
    }
}

/// Returns the default aggregation of the instrument, if it is not the SDK's. Exponential buckets are as many and as fine
/// as the specification's default
/// ([specification](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#base2-exponential-bucket-histogram-aggregation)).
fn aggregation(default: HistogramAggregation, instrument: &Instrument) -> Option<Aggregation> {
    let is_exponential =
        default == HistogramAggregation::Base2ExponentialBucket && instrument.kind() == InstrumentKind::Histogram;
    is_exponential.then_some(Aggregation::Base2ExponentialHistogram {
        max_size: 160,
        max_scale: 20,
        record_min_max: true,
    })
}
