//! Commands to flush and to end while the exporter is at work.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::trace::{Tracer as _, TracerProvider as _};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::harness::{Ours, batch, eventually};

/// Longer than any of these steps takes, and shorter than a worker sleeps.
const SOON: Duration = Duration::from_secs(3);
const PATIENCE: Duration = Duration::from_secs(30);

/// Answers each batch on command. It waits like exporters that hand over to a runtime: the thread is parked, and a
/// wake-up for another reason has no effect.
#[derive(Clone, Debug)]
struct Stepping(Arc<Steps>);

#[derive(Debug)]
struct Steps {
    go: Mutex<Receiver<()>>,
    entered: AtomicUsize,
    /// The number of times that the waiting thread was woken.
    woken: AtomicUsize,
    names: Mutex<Vec<String>>,
    ends: AtomicUsize,
}

impl Stepping {
    fn new() -> (Self, Sender<()>) {
        let (go, told) = mpsc::channel();
        let [entered, woken, ends] = [const { AtomicUsize::new(0) }; 3];
        (Self(Arc::new(Steps { go: Mutex::new(told), entered, woken, names: Mutex::default(), ends })), go)
    }

    fn entered(&self, times: usize) {
        eventually("an export", || self.0.entered.load(Ordering::SeqCst) >= times);
    }

    fn has(&self, name: &str) -> bool {
        self.0.names.lock().unwrap().iter().any(|other| other == name)
    }
}

impl SpanExporter for Stepping {
    async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
        // An earlier wake-up must not count.
        thread::park_timeout(Duration::ZERO);
        self.0.entered.fetch_add(1, Ordering::SeqCst);
        let (steps, worker, is_told) = (Arc::clone(&self.0), thread::current(), Arc::new(AtomicBool::new(false)));
        let other = Arc::clone(&is_told);
        thread::spawn(move || {
            // Without a sender any more, it goes on.
            let _ = steps.go.lock().unwrap().recv();
            other.store(true, Ordering::SeqCst);
            worker.unpark();
        });
        while !is_told.load(Ordering::SeqCst) {
            thread::park();
            self.0.woken.fetch_add(1, Ordering::SeqCst);
        }
        self.0.names.lock().unwrap().extend(spans.into_iter().map(|span| span.name.into_owned()));
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        self.0.ends.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn end(provider: &Ours, name: &'static str) {
    drop(provider.tracer("test").start(name));
}

#[test]
fn who_asks_during_an_export_is_heard_after_it() {
    for is_end in [false, true] {
        let (exporter, go) = Stepping::new();
        let provider = Ours::builder().with_batch(batch(64, 1)).with_exporter(exporter.clone()).build();
        end(&provider, "span");
        exporter.entered(1);
        let start = Instant::now();
        let asked = {
            let provider = provider.clone();
            let ask = move || {
                if is_end { provider.shutdown_with_timeout(PATIENCE) } else { provider.force_flush_within(PATIENCE) }
            };
            thread::spawn(ask)
        };
        eventually("a call", || exporter.0.woken.load(Ordering::SeqCst) > 0);
        go.send(()).unwrap();
        asked.join().unwrap().unwrap();
        assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
        drop(go);
    }
}

#[test]
fn a_flush_is_answered_also_when_more_comes_than_can_be_exported() {
    /// Not ready before more spans have come than there is room for.
    #[derive(Clone, Debug, Default)]
    struct Slow {
        provider: Arc<OnceLock<Ours>>,
        is_over: Arc<AtomicBool>,
    }

    impl SpanExporter for Slow {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            let dropped = || self.provider.get().map_or(0, Ours::dropped_spans);
            let before = dropped();
            while dropped() == before && !self.is_over.load(Ordering::Relaxed) {
                thread::yield_now();
            }
            Ok(())
        }
    }

    let slow = Slow::default();
    let provider = Ours::builder().with_batch(batch(64, 8)).with_exporter(slow.clone()).build();
    slow.provider.set(provider.clone()).unwrap();
    let is_over = &slow.is_over;
    thread::scope(|scope| {
        scope.spawn(|| {
            // Ends in any case, even if the test fails.
            let start = Instant::now();
            while !is_over.load(Ordering::Relaxed) && start.elapsed() < PATIENCE {
                end(&provider, "span");
                thread::yield_now();
            }
        });
        eventually("an overload", || provider.dropped_spans() > 0);
        let result = provider.force_flush_within(PATIENCE);
        is_over.store(true, Ordering::Relaxed);
        result.unwrap();
    });
    provider.shutdown_with_timeout(PATIENCE).unwrap();
}

#[test]
fn a_flush_exports_what_ended_before_it_whatever_comes_after() {
    /// For each exported batch, another thread makes a new one.
    #[derive(Clone, Debug, Default)]
    struct Busy {
        names: Arc<Mutex<Vec<String>>>,
        next: Arc<Mutex<Option<(Thread, Ours)>>>,
    }

    impl SpanExporter for Busy {
        async fn export(&self, spans: Vec<SpanData>) -> OTelSdkResult {
            if let Some((thread, provider)) = &*self.next.lock().unwrap() {
                thread.run(provider, "new", BATCH);
            }
            self.names.lock().unwrap().extend(spans.into_iter().map(|span| span.name.into_owned()));
            Ok(())
        }
    }

    const BATCH: usize = 2;

    // Shards belong to threads, and are visited in an order of their own.
    for is_old_first in [false, true] {
        let exporter = Busy::default();
        let provider = Ours::builder().with_batch(batch(1000, BATCH)).with_exporter(exporter.clone()).build();
        let (first, second) = (Thread::new(), Thread::new());
        first.run(&provider, "first", 1);
        second.run(&provider, "second", 1);
        let (old, new) = if is_old_first { (first, second) } else { (second, first) };
        new.run(&provider, "new", 20 * BATCH);
        *exporter.next.lock().unwrap() = Some((new, provider.clone()));
        for name in ["one", "two", "three", "four", "five", "six", "seven"] {
            old.run(&provider, name, 1);
            provider.force_flush_within(PATIENCE).unwrap();
            assert!(exporter.names.lock().unwrap().iter().any(|other| other == name), "{name} {is_old_first}");
        }
        *exporter.next.lock().unwrap() = None;
        provider.shutdown_with_timeout(PATIENCE).unwrap();
        assert_eq!(provider.dropped_spans(), 0);
    }
}

#[test]
fn the_end_comes_however_many_flushes_were_given_up() {
    let (exporter, go) = Stepping::new();
    let provider = Ours::builder().with_exporter(exporter.clone()).build();
    end(&provider, "span");
    let results: Vec<_> = (0..80).map(|_| provider.force_flush_within(Duration::from_millis(1))).collect();
    let timed_out = |result: &OTelSdkResult| matches!(result, Err(OTelSdkError::Timeout(_)));
    assert!(results.first().is_some_and(timed_out) && !results.last().is_some_and(timed_out), "{results:?}");
    assert!(timed_out(&provider.shutdown_with_timeout(Duration::from_millis(1))));
    drop(go);
    eventually("the end", || exporter.0.ends.load(Ordering::SeqCst) == 1);
    assert!(exporter.has("span"));
}

/// A thread that lives as long as the test.
#[derive(Debug)]
struct Thread(Sender<Work>, Receiver<()>);

type Work = Box<dyn FnOnce() + Send>;

impl Thread {
    fn new() -> Self {
        let (work, works) = mpsc::channel::<Work>();
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || {
            for work in works {
                work();
                let _ = done.send(());
            }
        });
        Self(work, is_done)
    }

    /// Ends `times` spans on the thread.
    fn run(&self, provider: &Ours, name: &'static str, times: usize) {
        let provider = provider.clone();
        self.0.send(Box::new(move || (0..times).for_each(|_| end(&provider, name)))).unwrap();
        self.1.recv().unwrap();
    }
}
