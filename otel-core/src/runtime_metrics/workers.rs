//! The workers of tokio's runtimes. Each worker of actix-web is a runtime of its own, with one thread.

use std::cell::Cell;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use opentelemetry::KeyValue;
use opentelemetry::metrics::Meter;
use tokio::runtime::{Handle, RuntimeMetrics};

static RUNTIMES: Mutex<Vec<ObservedRuntime>> = Mutex::new(Vec::new());

thread_local! {
    static IS_OBSERVED: Cell<bool> = const { Cell::new(false) };
}

/// A runtime that is observed.
struct ObservedRuntime {
    metrics: RuntimeMetrics,
    /// The name of the thread that it was found on.
    thread: Arc<str>,
    /// For each worker, how often it had parked and when that was first seen.
    seen: Vec<(u64, Instant)>,
}

/// Observes the runtime that this thread is in, from now on. Costs next to nothing when it is called again.
pub fn observe_runtime() {
    if IS_OBSERVED.replace(true) {
        return;
    }
    let Ok(handle) = Handle::try_current() else { return };
    let metrics = handle.metrics();
    let thread = std::thread::current().name().unwrap_or_default().into();
    let seen = vec![(0, Instant::now()); metrics.num_workers()];
    lock().push(ObservedRuntime { metrics, thread, seen });
}

fn lock() -> MutexGuard<'static, Vec<ObservedRuntime>> {
    RUNTIMES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ObservedRuntime {
    fn attributes(&self) -> [KeyValue; 1] {
        [KeyValue::new("thread.name", Arc::clone(&self.thread))]
    }

    /// As [`attributes`](Self::attributes), for one worker.
    fn attributes_of(&self, worker: usize) -> [KeyValue; 2] {
        let index = i64::try_from(worker).unwrap_or(i64::MAX);
        let [thread] = self.attributes();
        [thread, KeyValue::new("tokio.worker.index", index)]
    }

    /// Seconds for which a worker has been at work without a pause: the time since the first look that found the same
    /// number of pauses. A worker that is blocked does not pause.
    fn unparked_seconds(&mut self, worker: usize, now: Instant) -> f64 {
        let parks = self.metrics.worker_park_unpark_count(worker);
        let Some((seen, since)) = self.seen.get_mut(worker) else { return 0.0 };
        if *seen != parks {
            (*seen, *since) = (parks, now);
        }
        // Odd while the worker is parked.
        if parks % 2 == 1 { 0.0 } else { now.duration_since(*since).as_secs_f64() }
    }
}

pub(super) fn observe(meter: &Meter) {
    let _ = meter
        .f64_observable_counter("tokio.worker.busy.time")
        .with_unit("s")
        .with_description("The time that a worker was not parked, until it parked last.")
        .with_callback(|observer| {
            for runtime in lock().iter() {
                for worker in 0..runtime.metrics.num_workers() {
                    let busy = runtime.metrics.worker_total_busy_duration(worker).as_secs_f64();
                    observer.observe(busy, &runtime.attributes_of(worker));
                }
            }
        })
        .build();
    let _ = meter
        .f64_observable_gauge("tokio.worker.unparked.time")
        .with_unit("s")
        .with_description("The time that a worker has been at work without a pause: long for one that is blocked.")
        .with_callback(|observer| {
            let now = Instant::now();
            for runtime in lock().iter_mut() {
                for worker in 0..runtime.metrics.num_workers() {
                    observer.observe(runtime.unparked_seconds(worker, now), &runtime.attributes_of(worker));
                }
            }
        })
        .build();
    let _ = meter
        .u64_observable_counter("tokio.worker.parks")
        .with_unit("{park}")
        .with_description("The number of times that a worker had nothing to do.")
        .with_callback(|observer| {
            for runtime in lock().iter() {
                for worker in 0..runtime.metrics.num_workers() {
                    observer.observe(runtime.metrics.worker_park_count(worker), &runtime.attributes_of(worker));
                }
            }
        })
        .build();
    count(meter, "tokio.task.count", "{task}", "The number of tasks that are alive.", RuntimeMetrics::num_alive_tasks);
    count(
        meter,
        "tokio.queue.depth",
        "{task}",
        "The number of tasks that other threads have woken and that wait for a worker.",
        RuntimeMetrics::global_queue_depth,
    );
}

/// Exports a number of each runtime that can rise and fall.
fn count(
    meter: &Meter,
    name: &'static str,
    unit: &'static str,
    description: &'static str,
    read: fn(&RuntimeMetrics) -> usize,
) {
    let _ = meter
        .i64_observable_up_down_counter(name)
        .with_unit(unit)
        .with_description(description)
        .with_callback(move |observer| {
            for runtime in lock().iter() {
                let number = i64::try_from(read(&runtime.metrics)).unwrap_or(i64::MAX);
                observer.observe(number, &runtime.attributes());
            }
        })
        .build();
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_blocked_worker_shows() -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let seen = vec![(u64::MAX, Instant::now())];
        let mut observed = ObservedRuntime { metrics: runtime.metrics(), thread: "test".into(), seen };
        let (unblock, blocked) = std::sync::mpsc::channel::<()>();
        let (started, has_started) = std::sync::mpsc::channel();
        // Blocks for ever in the end; the process does not wait for it.
        std::thread::spawn(move || {
            runtime.block_on(async move {
                let _ = started.send(());
                let _ = blocked.recv();
                std::future::pending::<()>().await;
            });
        });
        let _ = has_started.recv();
        let now = Instant::now();
        assert!(observed.unparked_seconds(0, now) < 0.001, "the first look");
        let later = observed.unparked_seconds(0, now + Duration::from_secs(5));
        assert!((later - 5.0).abs() < 0.001, "{later}");
        drop(unblock);
        let start = Instant::now();
        while observed.unparked_seconds(0, now + Duration::from_secs(9)) > 0.0 {
            assert!(start.elapsed() < Duration::from_secs(10), "it has nothing to do any more");
            std::thread::yield_now();
        }
        Ok(())
    }
}
