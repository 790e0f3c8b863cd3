#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use super::*;

/// Takes events up to `most`, and remembers them.
#[derive(Clone)]
struct TestSubscriber {
    most: Level,
    events: Arc<Mutex<Vec<String>>>,
}

impl TestSubscriber {
    fn new(most: Level) -> Self {
        Self { most, events: Arc::default() }
    }
}

impl Visit for TestSubscriber {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.events.lock().unwrap().push(format!("{field}: {value:?}"));
    }
}

impl Subscriber for TestSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "otel_actix" && *metadata.level() <= self.most
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The messages that a subscriber and standard error get.
fn said(subscriber: &TestSubscriber, level: LogLevel) -> (Vec<String>, String) {
    let mut stderr = Vec::new();
    tracing::subscriber::with_default(subscriber.clone(), || say(&mut stderr, level, format_args!("hello")));
    let events = std::mem::take(&mut *subscriber.events.lock().unwrap());
    (events, String::from_utf8(stderr).unwrap())
}

#[test]
fn a_message_is_one_line_and_a_closed_stream_is_ignored() {
    let mut stream = Vec::new();
    write_line(&mut stream, LogLevel::Warn, format_args!("OTEL_X={:?}", "1"));
    assert_eq!(String::from_utf8_lossy(&stream), "otel-actix: WARN OTEL_X=\"1\"\n");
    let mut full: [u8; 4] = [0; 4];
    write_line(&mut full.as_mut_slice(), LogLevel::Error, format_args!("too long"));
}

#[test]
fn a_subscriber_gets_what_it_takes() {
    let subscriber = TestSubscriber::new(Level::INFO);
    for level in [LogLevel::Error, LogLevel::Warn, LogLevel::Info] {
        assert_eq!(said(&subscriber, level), (vec!["message: hello".to_owned()], String::new()), "{level}");
    }
}

#[test]
fn what_a_subscriber_leaves_out_is_shown_only_if_it_matters() {
    let subscriber = TestSubscriber::new(Level::ERROR);
    assert_eq!(said(&subscriber, LogLevel::Warn), (vec![], "otel-actix: WARN hello\n".to_owned()));
    assert_eq!(said(&subscriber, LogLevel::Info), (vec![], String::new()));
}
