//! Batches of the spans of several threads.

use std::collections::HashSet;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::harness::{Ours, batch};

/// An exporter that keeps its batches.
#[derive(Clone, Debug, Default)]
struct Batches(Arc<Mutex<Vec<Vec<SpanData>>>>);

impl SpanExporter for Batches {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.0.lock().unwrap().push(batch);
        Ok(())
    }
}

impl Batches {
    fn take(&self) -> Vec<Vec<SpanData>> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

fn number(span: &SpanData, key: &str) -> i64 {
    match span.attributes.iter().find(|kv| kv.key.as_str() == key).map(|kv| &kv.value) {
        Some(Value::I64(number)) => *number,
        other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn every_span_comes_once_with_what_is_its_own() {
    const THREADS: i64 = 5;
    const SPANS: i64 = 400;
    let batches = Batches::default();
    let provider = Ours::builder().with_batch(batch(4096, 7)).with_exporter(batches.clone()).build();
    for round in 0..3 {
        let start = Barrier::new(5);
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (start, tracer) = (&start, provider.tracer("test"));
                scope.spawn(move || {
                    start.wait();
                    for index in 0..SPANS {
                        // Some spans own heap memory, others do not.
                        let mut span = tracer.start(format!("{round}.{thread}.{index}"));
                        span.set_attribute(KeyValue::new("thread", thread));
                        span.set_attribute(KeyValue::new("index", index));
                        if index % 3 == 0 {
                            span.add_event("event", vec![KeyValue::new("index", index)]);
                        }
                    }
                });
            }
        });
        provider.force_flush().unwrap();
        let batches = batches.take();
        assert!(batches.iter().all(|batch| (1..=7).contains(&batch.len())), "no more than told");
        let spans: Vec<SpanData> = batches.into_iter().flatten().collect();
        assert_eq!(spans.len(), usize::try_from(THREADS * SPANS).unwrap());
        let mut names = HashSet::new();
        for span in &spans {
            let (thread, index) = (number(span, "thread"), number(span, "index"));
            assert_eq!(span.name, format!("{round}.{thread}.{index}"));
            let events: Vec<_> = span.events.events.iter().flat_map(|event| event.attributes.clone()).collect();
            let expected = (index % 3 == 0).then(|| KeyValue::new("index", index));
            assert_eq!(events, Vec::from_iter(expected));
            assert!(names.insert(span.name.clone()), "{} came twice", span.name);
        }
    }
    assert_eq!(provider.dropped_spans(), 0);
}

#[test]
fn a_batch_of_several_threads_is_in_the_order_of_time() {
    let batches = Batches::default();
    let provider = Ours::builder().with_batch(batch(64, 64)).with_exporter(batches.clone()).build();
    for index in 0..9_i64 {
        let tracer = provider.tracer("test");
        // Each thread has a place of its own in the queue; they end one after the other.
        thread::spawn(move || {
            let mut span = tracer.start("span");
            span.set_attribute(KeyValue::new("index", index));
        })
        .join()
        .unwrap();
    }
    provider.force_flush().unwrap();
    let spans: Vec<_> = batches.take().into_iter().flatten().collect();
    let order: Vec<_> = spans.iter().map(|span| number(span, "index")).collect();
    assert_eq!(order, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
}
