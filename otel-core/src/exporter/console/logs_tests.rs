#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::logs::{AnyValue, LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{SpanId, TraceFlags, TraceId};
use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::logs::{SdkLogRecord, SdkLoggerProvider};

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

fn printed(fill: impl FnOnce(&mut SdkLogRecord)) -> String {
    let recorder = RecordedWrites::default();
    let provider = SdkLoggerProvider::builder()
        .with_resource(Resource::builder_empty().with_attribute(KeyValue::new("service.name", "svc")).build())
        .with_simple_exporter(ConsoleLogExporter::new(recorder.clone(), Layout::Lines))
        .build();
    let logger = provider.logger("scope");
    let mut record = logger.create_log_record();
    record.set_observed_timestamp(UNIX_EPOCH);
    fill(&mut record);
    logger.emit(record);
    String::from_utf8(recorder.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn the_layout_is_that_of_python() {
    let line = printed(|record| {
        record.set_body("it went wrong".into());
        record.set_severity_number(Severity::Error);
        record.set_severity_text("ERROR");
        record.set_event_name("exception");
        record.set_timestamp(UNIX_EPOCH + Duration::from_micros(1));
        record.set_trace_context(TraceId::from(0xabc), SpanId::from(1), Some(TraceFlags::SAMPLED));
        record.add_attribute("n", 1);
        record.add_attribute("n", 2);
    });
    let expected = concat!(
        r#"{"body":"it went wrong","severity_number":17,"severity_text":"ERROR","attributes":{"n":2},"#,
        r#""timestamp":"1970-01-01T00:00:00.000001Z","#,
        r#""observed_timestamp":"1970-01-01T00:00:00.000000Z","#,
        r#""trace_id":"0x00000000000000000000000000000abc","span_id":"0x0000000000000001","trace_flags":1,"#,
        r#""resource":{"attributes":{"service.name":"svc"},"schema_url":""},"event_name":"exception"}"#,
        "\n"
    );
    assert_eq!(line, expected);
}

#[test]
fn records_without_anything_and_with_everything() {
    let bare: serde_json::Value = serde_json::from_str(&printed(|_| ())).unwrap();
    assert_eq!((&bare["body"], &bare["severity_number"], &bare["timestamp"]), Default::default());
    assert_eq!(bare["trace_id"], format!("0x{:032}", 0));

    let map = HashMap::from([(Key::new("b"), AnyValue::Boolean(true)), (Key::new("a"), AnyValue::Double(f64::NAN))]);
    let list = vec![AnyValue::Bytes(Box::new(vec![1, 2])), AnyValue::Map(Box::new(map))];
    let nested = printed(|record| record.set_body(AnyValue::ListAny(Box::new(list))));
    assert!(nested.starts_with(r#"{"body":[[1,2],{"a":"NaN","b":true}],"#), "{nested}");
}
