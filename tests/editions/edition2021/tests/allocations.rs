//! A function whose span is not recorded allocates nothing. Tested here, because an allocator that counts is `unsafe`.

#![deny(warnings)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    future::Future,
    pin::pin,
    task::{Context as TaskContext, Poll, Waker},
    time::{Duration, Instant},
};

use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use opentelemetry_sdk::trace::SdkTracerProvider;
use otel_actix::auto_instrument;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|allocations| allocations.set(allocations.get() + 1));
        System.alloc(layout)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        System.dealloc(pointer, layout);
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(code: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.with(Cell::get);
    code();
    ALLOCATIONS.with(Cell::get) - before
}

#[auto_instrument(fields(text = String::from("allocates")), args(value))]
fn sync(value: u32) -> u32 {
    value + 1
}

#[auto_instrument(ret)]
fn checked(value: u32) -> Result<u32, std::num::TryFromIntError> {
    u8::try_from(value)?;
    Ok(value)
}

#[auto_instrument(fields(text = format!("{value}")), args(value), ret)]
async fn awaited(value: u32) -> Result<u32, std::num::TryFromIntError> {
    checked(value)
}

fn poll_once<F: Future>(future: F) -> bool {
    matches!(pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())), Poll::Ready(_))
}

#[test]
fn nothing_is_allocated_when_not_recording() {
    let parent =
        SpanContext::new(TraceId::from(7), SpanId::from(7), TraceFlags::default(), false, TraceState::default());
    let _attached = Context::new().with_remote_span_context(parent).attach();
    assert_ne!(allocations(|| drop(String::from("counted"))), 0);
    assert_eq!(allocations(|| assert_eq!(sync(1), 2)), 0);
    assert_eq!(allocations(|| assert!(checked(1).is_ok() && checked(300).is_err())), 0);
    assert_eq!(allocations(|| assert!(poll_once(awaited(1)) && poll_once(awaited(300)))), 0);
}

/// A program that never starts telemetry, as most unit tests are; and one that starts it late.
#[test]
fn nothing_is_allocated_without_a_provider_and_a_late_one_is_used() {
    let is_free = || allocations(|| assert_eq!(sync(1), 2)) == 0;
    // The thread looks for a provider only now and then.
    assert!((0..1000).any(|_| is_free()));
    let exporter = opentelemetry_sdk::trace::InMemorySpanExporter::default();
    let provider = SdkTracerProvider::builder().with_simple_exporter(exporter.clone()).build();
    opentelemetry::global::set_tracer_provider(provider);
    let is_recorded = || {
        sync(1);
        exporter.get_finished_spans().is_ok_and(|spans| !spans.is_empty())
    };
    let waited = Instant::now();
    while !is_recorded() {
        assert!(waited.elapsed() < Duration::from_secs(20), "no span");
    }
}
