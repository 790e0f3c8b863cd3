//! From the first span to the last: flushing, ending, and exporters that misbehave.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Span as _, SpanContext, Tracer as _, TracerProvider as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;

use crate::harness::{Answer, Ours, Recorder, Setup, Store, batch, eventually, on_both};

on_both!(
    a_flush_exports_what_has_ended,
    the_end_exports_what_has_ended,
    the_second_end_says_so,
    a_tracer_is_of_no_use_after_the_end,
    a_span_that_ends_after_the_end_is_dropped,
    a_flush_after_the_end_fails,
    every_exporter_gets_every_span,
    a_failing_exporter_is_told_and_asked_again,
    exporters_know_who_emits,
    clones_are_one_provider,
    a_provider_without_exporters_works,
    a_provider_that_is_dropped_exports_what_waits,
);

fn a_flush_exports_what_has_ended<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    let tracer = provider.tracer("test");
    let open = tracer.start("open");
    drop(tracer.start("ended"));
    provider.flush().unwrap();
    assert_eq!(store.names(), ["ended"]);
    drop(open);
    provider.flush().unwrap();
    provider.flush().unwrap();
    assert_eq!(store.names(), ["ended", "open"]);
}

fn the_end_exports_what_has_ended<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    (0..1000).for_each(|_| drop(provider.tracer("test").start("span")));
    assert_eq!(store.shutdowns(), 0);
    provider.end().unwrap();
    assert_eq!((store.spans().len(), store.shutdowns()), (1000, 1));
}

fn the_second_end_says_so<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    provider.end().unwrap();
    assert!(matches!(provider.end(), Err(OTelSdkError::AlreadyShutdown)));
    assert!(matches!(provider.clone().end(), Err(OTelSdkError::AlreadyShutdown)));
    drop(provider);
    assert_eq!(store.shutdowns(), 1);
}

fn a_tracer_is_of_no_use_after_the_end<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    let before = provider.tracer("before");
    provider.end().unwrap();
    for tracer in [before, provider.tracer("after")] {
        let mut span = tracer.start("span");
        assert!(!span.is_recording());
        assert_eq!(*span.span_context(), SpanContext::NONE);
        span.set_attribute(KeyValue::new("a", 1));
        span.end();
    }
    assert!(store.spans().is_empty());
}

fn a_span_that_ends_after_the_end_is_dropped<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    let mut span = provider.tracer("test").start("late");
    provider.end().unwrap();
    span.end();
    assert!(!span.is_recording());
    assert!(store.spans().is_empty());
}

fn a_flush_after_the_end_fails<R: Recorder>() {
    let (provider, _store) = R::set_up(Setup::default());
    provider.end().unwrap();
    assert!(provider.flush().is_err());
}

fn every_exporter_gets_every_span<R: Recorder>() {
    let stores = [Store::default(), Store::default(), Store::default()];
    let provider = R::with(Setup::default(), &stores);
    let mut span = provider.tracer("test").start("span");
    span.set_attribute(KeyValue::new("a", 1));
    span.add_event("event", vec![KeyValue::new("b", 2)]);
    drop(span);
    provider.flush().unwrap();
    let [first, others @ ..] = stores.map(|store| store.spans());
    assert_eq!((first.len(), first[0].attributes.len()), (1, 1));
    assert!(others.iter().all(|other| *other == first));
}

fn a_failing_exporter_is_told_and_asked_again<R: Recorder>() {
    let stores = [Store::default(), Store::default()];
    let provider = R::with(Setup::default(), &stores);
    let tracer = provider.tracer("test");
    stores[0].answer(Answer::Fail);
    drop(tracer.start("first"));
    assert!(provider.flush().is_err());
    stores[0].answer(Answer::Take);
    drop(tracer.start("second"));
    provider.flush().unwrap();
    assert_eq!(stores[0].names(), ["second"]);
    assert_eq!(stores[1].names(), ["first", "second"]);
}

fn exporters_know_who_emits<R: Recorder>() {
    let resource = Resource::builder_empty()
        .with_service_name("shop")
        .with_schema_url([KeyValue::new("host.name", "here")], "https://opentelemetry.io/schemas/1.44.0")
        .build();
    let (_provider, store) = R::set_up(Setup { resource: Some(resource.clone()), ..Setup::default() });
    // The SDK sets it through its thread.
    eventually("the resource", || store.resource() == Some(resource.clone()));
}

fn clones_are_one_provider<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    let clone = provider.clone();
    drop(provider.tracer("test").start("first"));
    drop(provider);
    drop(clone.tracer("test").start("second"));
    clone.end().unwrap();
    assert_eq!(store.names(), ["first", "second"]);
}

fn a_provider_without_exporters_works<R: Recorder>() {
    let provider = R::with(Setup::default(), &[]);
    let mut span = provider.tracer("test").start("span");
    assert!(span.span_context().is_sampled());
    span.end();
    provider.flush().unwrap();
    provider.end().unwrap();
}

fn a_provider_that_is_dropped_exports_what_waits<R: Recorder>() {
    let (provider, store) = R::set_up(Setup::default());
    (0..700).for_each(|_| drop(provider.tracer("test").start("span")));
    drop(provider);
    // Dropping our provider does not wait.
    eventually("the end", || store.shutdowns() == 1);
    assert_eq!(store.spans().len(), 700);
}

/// In `opentelemetry_sdk`, a panic of an exporter ends its thread.
#[test]
fn a_panic_of_an_exporter_is_an_error_and_the_exporter_is_used_again() {
    let (provider, store) = Ours::set_up(Setup::default());
    store.answer(Answer::Panic);
    drop(provider.tracer("test").start("first"));
    assert!(matches!(provider.force_flush(), Err(OTelSdkError::InternalFailure(_))));
    store.answer(Answer::Take);
    drop(provider.tracer("test").start("second"));
    provider.force_flush().unwrap();
    assert_eq!(store.names(), ["second"]);
    provider.shutdown().unwrap();
}

#[test]
fn a_panic_at_the_end_is_an_error() {
    let (provider, store) = Ours::set_up(Setup::default());
    store.answer(Answer::Panic);
    let late = provider.tracer("test").start("late");
    drop(provider.tracer("test").start("span"));
    assert!(matches!(provider.shutdown(), Err(OTelSdkError::InternalFailure(_))));
    assert_eq!(store.shutdowns(), 1);
    drop(late);
    assert_eq!(provider.dropped_spans(), 1);
}

#[test]
fn what_ends_after_the_end_is_counted() {
    let (provider, store) = Ours::set_up(Setup::default());
    let late: Vec<_> = (0..3).map(|_| provider.tracer("test").start("late")).collect();
    drop(provider.tracer("test").start("in time"));
    provider.shutdown().unwrap();
    assert_eq!(provider.dropped_spans(), 0);
    drop(late);
    assert_eq!((store.names(), provider.dropped_spans()), (vec!["in time".to_owned()], 3));
}

#[test]
fn a_complete_batch_does_not_wait() {
    let store = Store::default();
    let provider = Ours::builder().with_batch(batch(64, 8)).with_exporter(store.clone()).build();
    (0..8).for_each(|_| drop(provider.tracer("test").start("span")));
    // The delay is a minute.
    eventually("the export", || store.spans().len() == 8);
}

#[test]
fn spans_do_not_wait_longer_than_told() {
    let store = Store::default();
    let mut settings = batch(64, 64);
    settings.schedule_delay = Some(Duration::from_millis(5));
    let provider = Ours::builder().with_batch(settings).with_exporter(store.clone()).build();
    for number in 1..=3 {
        drop(provider.tracer("test").start("span"));
        eventually("the export", || store.spans().len() == number);
    }
}
