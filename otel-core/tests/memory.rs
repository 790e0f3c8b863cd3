//! While an exporter stands still, the waiting spans take memory for as many spans as the queue has places, however
//! many are offered.

#![allow(clippy::unwrap_used, reason = "a test that cannot measure has failed")]

use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use allocation_counter::measure;
use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_core::config::BatchSettings;
use otel_core::recorder::TracerProvider;

const QUEUE: usize = 2048;
const BATCH: usize = 512;
const THREADS: usize = 8;

/// Bytes per span with these two attributes, in lists that have twice the room at worst.
const SPAN: usize = 1200;

/// Does not answer until it is released.
#[derive(Clone, Debug, Default)]
struct Stalled(Arc<(Mutex<bool>, Condvar)>);

impl SpanExporter for Stalled {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        let held = self.0.0.lock().unwrap();
        drop(self.0.1.wait_while(held, |is_free| !*is_free).unwrap());
        Ok(())
    }
}

/// The most memory that all threads held at one time, and the number of dropped spans.
fn bytes_of(offered: usize) -> (usize, u64) {
    let mut settings = BatchSettings::default();
    (settings.max_queue_size, settings.max_export_batch_size) = (QUEUE, BATCH);
    let exporter = Stalled::default();
    let provider = TracerProvider::builder().with_batch(settings).with_exporter(exporter.clone()).build();
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let tracer = provider.tracer("test");
            let work = move || {
                for number in 0..offered / THREADS {
                    let mut span = tracer.start("span");
                    span.set_attribute(KeyValue::new("number", i64::try_from(number).unwrap()));
                    span.set_attribute(KeyValue::new("text", format!("number {number}")));
                }
            };
            thread::spawn(|| usize::try_from(measure(work).bytes_max).unwrap())
        })
        .collect();
    let bytes = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    let dropped = provider.dropped_spans();
    *exporter.0.0.lock().unwrap() = true;
    exporter.0.1.notify_all();
    provider.shutdown().unwrap();
    (bytes, dropped)
}

#[test]
fn memory_is_bounded_by_the_settings() {
    for offered in [20_000, 400_000] {
        let (bytes, dropped) = bytes_of(offered);
        // The exporter has a batch, unless its thread did not run yet.
        let waiting = offered as u64 - dropped;
        assert!((QUEUE as u64..=(QUEUE + BATCH) as u64).contains(&waiting), "{waiting}");
        // Each thread may have a span of its own, and a growing list exists twice for a moment.
        let most = (QUEUE + BATCH + THREADS) * SPAN;
        assert!((QUEUE * 200..=most).contains(&bytes), "{offered} offered: {bytes} bytes, {most} at most");
    }
}
