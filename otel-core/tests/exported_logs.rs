//! The log records that events and records of the `log` crate become.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed assumption should fail the test")]

use std::error::Error;
use std::fmt::{self, Debug, Display, Formatter};

use log::Log;
use opentelemetry::logs::{AnyValue, Severity};
use otel_core::logs::{self, ExportingLogger};
use otel_core::testing::TestTrace;
use tracing_subscriber::layer::SubscriberExt as _;

/// A value that formats itself by this function.
struct Value(fn(&mut Formatter<'_>) -> fmt::Result);

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl Debug for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl Error for Value {}

const FAILING: Value = Value(|_| Err(fmt::Error));
const PANICKING: Value = Value(|_| panic!("on purpose"));

/// Runs `work` in a trace, with a subscriber that only exports. Returns the trace.
fn traced(work: impl FnOnce()) -> TestTrace {
    let trace = TestTrace::start();
    {
        let _current = trace.context().attach();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(logs::layer()), work);
    }
    trace
}

#[test]
fn values_keep_their_types() {
    let error = Value(|f| f.write_str("sold out"));
    let trace = traced(|| {
        tracing::warn!(
            target: "shop",
            text = "text",
            yes = true,
            float = 0.5,
            signed = -1_i64,
            unsigned = 1_u64,
            large = u64::MAX,
            signed_128 = -1_i128,
            unsigned_128 = 1_u128,
            larger = u128::MAX,
            smallest = i128::MIN,
            bytes = &[1_u8, 2][..],
            shown = %error,
            debugged = ?Some("a"),
            any_name = &error as &dyn Error,
            absent = None::<u64>,
            empty = tracing::field::Empty,
            log.line = 7,
            "sold {}",
            7
        );
    });
    let [log] = &trace.logs()[..] else { panic!("{}", trace.logs_list()) };
    assert_eq!(log.record.body(), Some(&"sold 7".into()));
    assert_eq!((log.record.severity_number(), log.record.severity_text()), (Some(Severity::Warn), Some("WARN")));
    assert_eq!(log.record.target().map(AsRef::as_ref), Some("shop"));
    assert!(log.record.event_name().unwrap().starts_with("event "), "the name of an event is that of its place");
    assert_eq!(log.scope.name(), "");
    let attributes: Vec<_> = log.record.attributes_iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    assert_eq!(
        attributes,
        [
            ("text", AnyValue::from("text")),
            ("yes", true.into()),
            ("float", 0.5.into()),
            ("signed", (-1).into()),
            ("unsigned", 1.into()),
            ("large", u64::MAX.to_string().into()),
            ("signed_128", (-1).into()),
            ("unsigned_128", 1.into()),
            ("larger", u128::MAX.to_string().into()),
            ("smallest", i128::MIN.to_string().into()),
            ("bytes", AnyValue::Bytes(Box::new(vec![1, 2]))),
            ("shown", "sold out".into()),
            ("debugged", r#"Some("a")"#.into()),
            ("exception.message", "sold out".into()),
            ("log.line", 7.into()),
        ]
    );
}

#[test]
fn a_message_may_be_a_field() {
    let trace = traced(|| {
        tracing::info!(target: "shop", message = "text");
        tracing::info!(target: "shop", message = ?Some(1));
        tracing::info!(target: "shop", name = "no message");
    });
    assert_eq!(trace.logs_list(), "INFO shop: text\nINFO shop: Some(1)\nINFO shop:  name=no message\n");
}

/// The application's `Display` and `Debug` run because of telemetry: without the layer, nothing calls them.
#[test]
fn an_event_whose_values_cannot_be_formatted_is_exported_without_them() {
    let trace = traced(|| {
        for value in [FAILING, PANICKING] {
            tracing::info!(target: "shop", shown = %value, debugged = ?value, error = &value as &dyn Error, "kept");
            tracing::info!(target: "shop", kept = 1, "sold {value}");
            tracing::info!(target: "shop", kept = 1, "sold {value:?}");
            tracing::info!(target: "shop", message = %value);
        }
    });
    let expected = ["returned an error", "panicked"].map(|fault| {
        let (display, debug) = (format!("not available: `Display` {fault}"), format!("not available: `Debug` {fault}"));
        format!(
            "INFO shop: kept debugged={debug} exception.message={display} shown={debug}\n\
             INFO shop: {debug} kept=1\n\
             INFO shop: {debug} kept=1\n\
             INFO shop: {debug}\n"
        )
    });
    assert_eq!(trace.logs_list(), expected.concat());
}

/// A logger that prints nothing.
struct Printed;

impl Log for Printed {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _: &log::Record<'_>) {}

    fn flush(&self) {}
}

/// Pairs that fail after the first one.
struct Pairs(Value);

impl log::kv::Source for Pairs {
    fn visit<'kvs>(&'kvs self, visitor: &mut dyn log::kv::VisitSource<'kvs>) -> Result<(), log::kv::Error> {
        visitor.visit_pair("kept".into(), 1.into())?;
        visitor.visit_pair("shown".into(), log::kv::Value::from_display(&self.0))?;
        visitor.visit_pair("debugged".into(), log::kv::Value::from_debug(&self.0))?;
        self.0.to_string();
        Ok(())
    }
}

#[test]
fn a_record_of_the_log_crate_is_exported_without_the_values_that_fail() {
    let trace = TestTrace::start();
    let _current = trace.context().attach();
    let logger = ExportingLogger::new(Printed);
    for value in [FAILING, PANICKING] {
        let pairs = Pairs(value);
        let mut record = log::Record::builder();
        record.level(log::Level::Info).target("shop").key_values(&pairs);
        logger.log(&record.args(format_args!("sold {}", pairs.0)).build());
    }
    let expected = ["returned an error", "panicked"].map(|fault| {
        let value = format!("not available: `Display` {fault}");
        format!("INFO shop: {value} debugged={value} kept=1 shown={value}\n")
    });
    assert_eq!(trace.logs_list(), expected.concat());
}
