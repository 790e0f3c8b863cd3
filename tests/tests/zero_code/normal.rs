//! The part of an exported record that is the same in each run.

use serde_json::Value;

/// The values without times, ids, ports and durations, which differ from run to run.
pub(crate) fn normal(value: Value, port: u64) -> Value {
    const DIFFERENT: [&str; 13] = [
        "bucket_counts",
        "exemplars",
        "max",
        "min",
        "observed_timestamp",
        "service.instance.id",
        "span_id",
        "start_time_unix_nano",
        "sum",
        "time_unix_nano",
        "timestamp",
        "trace_id",
        "exception.stacktrace",
    ];
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().filter(|(name, _)| !DIFFERENT.contains(&name.as_str()));
            kept.map(|(name, value)| (name, normal(value, port))).collect()
        }
        Value::Array(values) => {
            let mut values: Vec<Value> = values.into_iter().map(|value| normal(value, port)).collect();
            // Series and metrics come in any order.
            values.sort_by_key(Value::to_string);
            values.into()
        }
        Value::Number(number) if number.as_u64() == Some(port) => "the server's port".into(),
        value => value,
    }
}
