#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::io;
use std::sync::{Arc, Mutex};

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{Aggregation, Instrument, PeriodicReader, SdkMeterProvider, Stream};
use serde_json::{Value, json};

use super::*;

#[derive(Clone, Default)]
struct RecordedWrites(Arc<Mutex<Vec<u8>>>);

impl Write for RecordedWrites {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The export of the measurements of `record` as it is printed, without times.
fn printed(record: impl FnOnce(&opentelemetry::metrics::Meter)) -> Value {
    let recorder = RecordedWrites::default();
    let reader = PeriodicReader::builder(ConsoleMetricExporter::new(recorder.clone(), Layout::Lines)).build();
    let exponential = |instrument: &Instrument| {
        let aggregation = Aggregation::Base2ExponentialHistogram { max_size: 4, max_scale: 20, record_min_max: true };
        let stream = Stream::builder().with_aggregation(aggregation);
        (instrument.name() == "exponential").then(|| stream.build().unwrap())
    };
    let resource = Resource::builder_empty().with_attribute(KeyValue::new("service.name", "svc")).build();
    let provider =
        SdkMeterProvider::builder().with_resource(resource).with_reader(reader).with_view(exponential).build();
    let scope = InstrumentationScope::builder("scope").with_version("1").with_attributes([KeyValue::new("k", 1)]);
    record(&provider.meter_with_scope(scope.build()));
    provider.shutdown().unwrap();
    let text = String::from_utf8(recorder.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.lines().count(), 1, "one object per export: {text}");
    let mut object = serde_json::from_str(&text).unwrap();
    remove_times(&mut object);
    object
}

fn remove_times(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for name in ["start_time_unix_nano", "time_unix_nano"] {
                let time = fields.remove(name).and_then(|time| time.as_u64());
                assert!(time.is_none_or(|time| time > 1_577_836_800_000_000_000), "{name} is a time of this century");
            }
            fields.values_mut().for_each(remove_times);
        }
        Value::Array(values) => values.iter_mut().for_each(remove_times),
        _ => {}
    }
}

fn data(object: &Value) -> &Value {
    &object["resource_metrics"][0]["scope_metrics"][0]["metrics"][0]["data"]
}

#[test]
fn the_layout_is_that_of_python() {
    let object = printed(|meter| {
        let counter = meter.u64_counter("requests").with_unit("{request}").with_description("Requests.").build();
        counter.add(2, &[KeyValue::new("route", "/")]);
    });
    let scope = json!({"name": "scope", "version": "1", "schema_url": "", "attributes": {"k": 1}});
    let point = json!({"attributes": {"route": "/"}, "value": 2, "exemplars": []});
    let data = json!({"data_points": [point], "aggregation_temporality": 2, "is_monotonic": true});
    let metric = json!({"name": "requests", "description": "Requests.", "unit": "{request}", "data": data});
    let scope_metrics = json!({"scope": scope, "metrics": [metric], "schema_url": ""});
    let resource = json!({"attributes": {"service.name": "svc"}, "schema_url": ""});
    let expected = json!({"resource": resource, "scope_metrics": [scope_metrics], "schema_url": ""});
    assert_eq!(object, json!({"resource_metrics": [expected]}));
}

#[test]
fn every_kind_of_metric() {
    let gauge = printed(|meter| meter.f64_gauge("gauge").build().record(1.5, &[]));
    assert_eq!(data(&gauge), &json!({"data_points": [{"attributes": {}, "value": 1.5, "exemplars": []}]}));

    let up_and_down = printed(|meter| meter.i64_up_down_counter("active").build().add(-1, &[]));
    let point = json!({"attributes": {}, "value": -1, "exemplars": []});
    let expected = json!({"data_points": [point], "aggregation_temporality": 2, "is_monotonic": false});
    assert_eq!(data(&up_and_down), &expected);

    let histogram = printed(|meter| {
        let histogram = meter.f64_histogram("duration").with_boundaries(vec![1.0]).build();
        histogram.record(0.5, &[]);
        histogram.record(2.0, &[]);
    });
    let point = json!({"attributes": {}, "count": 2, "sum": 2.5, "bucket_counts": [1, 1], "explicit_bounds": [1.0],
                       "min": 0.5, "max": 2.0, "exemplars": []});
    assert_eq!(data(&histogram), &json!({"data_points": [point], "aggregation_temporality": 2}));

    let exponential = printed(|meter| meter.u64_histogram("exponential").build().record(1, &[]));
    let point = &data(&exponential)["data_points"][0];
    assert_eq!((&point["count"], &point["sum"], &point["zero_count"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!(point["positive"]["bucket_counts"], json!([1]));
    assert_eq!(point["negative"]["bucket_counts"], json!([]));
}
