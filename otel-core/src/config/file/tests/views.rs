//! `meter_provider.views`, key by key.

use opentelemetry_sdk::metrics::{Aggregation, InstrumentKind};

use super::of_version_1;
use crate::config::MetricView;

/// The views of a file, and key and reason of each problem.
fn read(views: &str) -> (Vec<MetricView>, Vec<String>) {
    let (config, problems) = of_version_1(&format!("meter_provider: {{readers: [], views: {views}}}"));
    let key = |variable: &str| variable.split_once("views").map_or("", |(_, key)| key).to_owned();
    let problems = problems.iter().map(|problem| format!("{}: {}", key(&problem.variable), problem.reason));
    (config.metrics.views, problems.collect())
}

/// The one view of a file without problems.
fn view(selector: &str, stream: &str) -> MetricView {
    let (views, problems) = read(&format!("[{{selector: {selector}, stream: {stream}}}]"));
    assert_eq!(problems, [""; 0], "{selector} {stream}");
    let [view] = views.try_into().unwrap();
    view
}

#[test]
fn names_of_instruments_may_have_wildcards() {
    for (pattern, matching, other) in [
        ("http.server.active_requests", "HTTP.server.active_requests", "http.server_active_requests"),
        ("'*'", "anything", ""),
        ("'http.*.request.?uration'", "http.server.request.duration", "http.server.request.uration"),
        ("'*.duration'", "db.client.operation.duration", "duration"),
        ("'a(b|c)*'", "a(b|c)d", "ab"),
    ] {
        let names = view(&format!("{{instrument_name: {pattern}}}"), "{}").selector.instrument_name.unwrap();
        assert!(names.is_match(matching), "{pattern} {matching}");
        assert_eq!(names.is_match(other), other.is_empty(), "{pattern} {other}");
    }
}

#[test]
fn the_other_criteria() {
    let everything = view("{}", "{}");
    assert_eq!(everything, MetricView::default());
    let selector = view(
        "{instrument_type: observable_up_down_counter, unit: '{request}', meter_name: shop, meter_version: 1.0,
          meter_schema_url: 'https://a/1'}",
        "{}",
    )
    .selector;
    assert_eq!(selector.instrument_type, Some(InstrumentKind::ObservableUpDownCounter));
    assert_eq!((selector.unit.as_deref(), selector.meter_name.as_deref()), (Some("{request}"), Some("shop")));
    assert_eq!(
        (selector.meter_version.as_deref(), selector.meter_schema_url.as_deref()),
        (Some("1.0"), Some("https://a/1"))
    );
}

#[test]
fn the_properties_of_the_stream() {
    let stream = view("{instrument_name: a}", "{name: b, description: c, aggregation_cardinality_limit: 9}").stream;
    assert_eq!((stream.name.as_deref(), stream.description.as_deref()), (Some("b"), Some("c")));
    assert_eq!(stream.aggregation_cardinality_limit, Some(9));
    for (keys, kept) in [
        ("", None),
        ("{}", None),
        ("{included: ['*']}", None),
        ("{included: [a, b], excluded: }", Some(vec!["a", "b"])),
        ("{included: [a, b], excluded: [b, c]}", Some(vec!["a"])),
        ("{included: []}", Some(vec![])),
    ] {
        let stream = view("{}", &format!("{{attribute_keys: {keys}}}")).stream;
        let kept = kept.map(|keys| keys.into_iter().map(str::to_owned).collect());
        assert_eq!(stream.attribute_keys, kept, "{keys}");
    }
}

#[test]
fn aggregations() {
    let defaults = [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1e3, 2.5e3, 5e3, 7.5e3, 1e4].to_vec();
    let explicit = |boundaries, record_min_max| Aggregation::ExplicitBucketHistogram { boundaries, record_min_max };
    let exponential = |max_size, max_scale, record_min_max| Aggregation::Base2ExponentialHistogram {
        max_size,
        max_scale,
        record_min_max,
    };
    for (text, aggregation) in [
        ("", None),
        ("{default: }", None),
        ("{drop: }", Some(Aggregation::Drop)),
        ("{sum: {}}", Some(Aggregation::Sum)),
        ("{last_value: }", Some(Aggregation::LastValue)),
        ("{explicit_bucket_histogram: }", Some(explicit(defaults, true))),
        (
            "{explicit_bucket_histogram: {boundaries: [-1, 0.5, 1e3], record_min_max: false}}",
            Some(explicit(vec![-1.0, 0.5, 1000.0], false)),
        ),
        ("{explicit_bucket_histogram: {boundaries: []}}", Some(explicit(vec![], true))),
        ("{base2_exponential_bucket_histogram: }", Some(exponential(160, 20, true))),
        (
            "{base2_exponential_bucket_histogram: {max_size: 0x10, max_scale: -3, record_min_max: false}}",
            Some(exponential(16, -3, false)),
        ),
    ] {
        assert_eq!(view("{}", &format!("{{aggregation: {text}}}")).stream.aggregation, aggregation, "{text}");
    }
}

/// Problems of a selector, and streams that the SDK does not have, leave the view out; all others a property.
#[test]
fn problems() {
    let one = |selector: &str, stream: &str| format!("[{{selector: {selector}, stream: {stream}}}]");
    for (views, left, expected) in [
        ("{}".to_owned(), 0, vec![": expected a list, found a mapping"]),
        ("[{selector: {}}]".to_owned(), 0, vec!["[0]: expected a selector and a stream"]),
        (
            one("{instrument_type: timer}", "{}"),
            0,
            vec![
                "[0].selector.instrument_type: expected one of counter, gauge, histogram, observable_counter, observable_gauge, observable_up_down_counter, up_down_counter",
                "[0]: its selector is not understood",
            ],
        ),
        (
            one("{name: a}", "{}"),
            0,
            vec![
                "[0].selector.name: not supported, expected one of instrument_name, instrument_type, unit, meter_name, meter_version, meter_schema_url",
                "[0]: its selector is not understood",
            ],
        ),
        (
            one("{instrument_name: 'a.*'}", "{name: b}"),
            1,
            vec!["[0].stream.name: the selector names no single instrument, and several cannot share a name"],
        ),
        (
            one("{}", "{attribute_keys: {excluded: [a]}}"),
            1,
            vec!["[0].stream.attribute_keys.excluded: not supported without included keys"],
        ),
        (
            one("{}", "{attribute_keys: {included: ['a.*']}}"),
            1,
            vec!["[0].stream.attribute_keys.included: patterns are not supported, expected keys"],
        ),
        (
            one("{}", "{aggregation_cardinality_limit: 0}"),
            1,
            vec!["[0].stream.aggregation_cardinality_limit: expected a number from 1 to 1000000"],
        ),
        (
            one("{}", "{aggregation: {mean: }}"),
            1,
            vec![
                "[0].stream.aggregation.mean: expected one of default, drop, explicit_bucket_histogram, base2_exponential_bucket_histogram, last_value, sum",
            ],
        ),
        (
            one("{}", "{aggregation: {base2_exponential_bucket_histogram: {max_scale: 21}}}"),
            1,
            vec![
                "[0].stream.aggregation.base2_exponential_bucket_histogram.max_scale: expected a number from -10 to 20",
            ],
        ),
        (
            one("{}", "{aggregation: {explicit_bucket_histogram: {boundaries: [x]}}}"),
            1,
            vec!["[0].stream.aggregation.explicit_bucket_histogram.boundaries: expected numbers"],
        ),
        (
            one("{}", "{aggregation: {explicit_bucket_histogram: {boundaries: [2, 1]}}}"),
            0,
            vec!["[0].stream: Bucket boundaries must be sorted and not contain any duplicates"],
        ),
    ] {
        let (views_left, problems) = read(&views);
        assert_eq!(
            (views_left.len(), problems),
            (left, expected.iter().map(|&text| text.to_owned()).collect()),
            "{views}"
        );
    }
}
