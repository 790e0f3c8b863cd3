//! Every offered span is either exported or counted, and no more spans wait than the limit allows.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

use opentelemetry::trace::{SpanBuilder, Tracer as _, TracerProvider as _};
use opentelemetry::{KeyValue, StringValue};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_core::recorder::TracerProvider;

use crate::harness::{Store, batch};

const THREADS: usize = 8;

/// An exporter that counts, and does not answer until it is released.
#[derive(Clone, Debug, Default)]
struct Stalled {
    is_free: Arc<(Mutex<bool>, Condvar)>,
    exported: Arc<AtomicU64>,
    largest: Arc<AtomicUsize>,
}

impl Stalled {
    fn let_go(&self) {
        *self.is_free.0.lock().unwrap() = true;
        self.is_free.1.notify_all();
    }
}

impl SpanExporter for Stalled {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let held = self.is_free.0.lock().unwrap();
        drop(self.is_free.1.wait_while(held, |is_free| !*is_free).unwrap());
        self.exported.fetch_add(batch.len() as u64, Ordering::SeqCst);
        self.largest.fetch_max(batch.len(), Ordering::SeqCst);
        Ok(())
    }
}

/// A million spans, half of them while the exporter stands still.
#[test]
fn exported_and_dropped_are_what_was_offered() {
    const OFFERED: usize = 1_000_000;
    const QUEUE: usize = 512;
    const BATCH: usize = 128;
    // Every span holds this text.
    let text: Arc<str> = Arc::from("held by every span");
    let most = AtomicUsize::new(0);
    let exporter = Stalled::default();
    let provider = TracerProvider::builder().with_batch(batch(QUEUE, BATCH)).with_exporter(exporter.clone()).build();
    let halfway = Barrier::new(THREADS + 1);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let tracer = provider.tracer("test");
                let offer = |number: usize| {
                    let attribute = KeyValue::new("text", StringValue::from(Arc::clone(&text)));
                    drop(tracer.build(SpanBuilder::from_name("span").with_attributes([attribute])));
                    if number.is_multiple_of(16) {
                        most.fetch_max(Arc::strong_count(&text) - 1, Ordering::Relaxed);
                    }
                };
                (0..OFFERED / THREADS / 2).for_each(offer);
                halfway.wait();
                // Checked in the middle.
                halfway.wait();
                (0..OFFERED / THREADS / 2).for_each(offer);
            });
        }
        halfway.wait();
        // The exporter has one batch, the queue is full, and all other spans were dropped.
        assert_eq!(exporter.exported.load(Ordering::SeqCst), 0);
        assert_eq!(provider.dropped_spans(), (OFFERED / 2 - QUEUE - BATCH) as u64);
        exporter.let_go();
        halfway.wait();
    });
    provider.shutdown().unwrap();
    let taken = exporter.exported.load(Ordering::SeqCst);
    assert_eq!(taken + provider.dropped_spans(), OFFERED as u64);
    assert!(taken > (QUEUE + BATCH) as u64, "{taken}");
    assert_eq!(exporter.largest.load(Ordering::SeqCst), BATCH);
    // Each thread makes one span besides, and the exporting thread may be converting a record to `SpanData`.
    let most = most.into_inner();
    assert!((QUEUE..=QUEUE + BATCH + THREADS + 1).contains(&most), "{most}");
    assert_eq!(Arc::strong_count(&text), 1);
}

/// Spans that end during the provider's shutdown are exported or counted.
#[test]
fn nothing_is_lost_between_open_and_shut() {
    const EACH: usize = 40;
    let mut partly = 0;
    for round in 0..300 {
        let stores = [Store::default(), Store::default()];
        let builder = TracerProvider::builder().with_batch(batch(EACH * THREADS / 2, 16));
        let provider = stores.iter().fold(builder, |builder, store| builder.with_exporter(store.clone())).build();
        let start = Barrier::new(THREADS + 1);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                let tracer = provider.tracer("test");
                let open: Vec<_> = (0..EACH).map(|_| tracer.start("span")).collect();
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    drop(open);
                });
            }
            start.wait();
            (0..round % 10 * 20).for_each(|_| thread::yield_now());
            provider.shutdown().unwrap();
        });
        let exported: Vec<_> = stores.iter().flat_map(Store::spans).collect();
        assert_eq!(exported.len() as u64 + provider.dropped_spans(), (2 * EACH * THREADS) as u64, "round {round}");
        for store in &stores {
            let spans = store.spans();
            let ids: HashSet<_> = spans.iter().map(|span| span.span_context.span_id()).collect();
            assert_eq!(ids.len(), spans.len(), "exported twice");
        }
        partly += usize::from(!exported.is_empty() && provider.dropped_spans() > 0);
    }
    // Otherwise the test has tested nothing.
    assert!(partly > 0);
}

/// The provider is dropped while spans end.
#[test]
fn nothing_is_lost_when_the_provider_goes() {
    for _ in 0..100 {
        let text: Arc<str> = Arc::from("held by every span");
        let store = Store::default();
        let provider = TracerProvider::builder().with_batch(batch(64, 8)).with_exporter(store.clone()).build();
        let tracer = provider.tracer("test");
        let open: Vec<_> = (0..200)
            .map(|_| {
                let attribute = KeyValue::new("text", StringValue::from(Arc::clone(&text)));
                tracer.build(SpanBuilder::from_name("span").with_attributes([attribute]))
            })
            .collect();
        let ending = thread::spawn(move || drop(open));
        drop(provider);
        ending.join().unwrap();
        crate::harness::eventually("the end", || store.shutdowns() == 1);
        // Spans that were not exported are not kept either, although the tracer is.
        crate::harness::eventually("the rest", || Arc::strong_count(&text) == 1 + store.spans().len());
        drop(tracer);
    }
}
