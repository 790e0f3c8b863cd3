#![allow(clippy::needless_borrow, reason = "what expansions write, whatever the type")]

use opentelemetry::{Context, KeyValue, baggage::BaggageExt as _};

use super::*;

fn tenant() -> Option<String> {
    Context::current().baggage().get("tenant").map(ToString::to_string)
}

fn attached() -> opentelemetry::ContextGuard {
    Context::current_with_baggage([KeyValue::new("tenant", "42")]).attach()
}

fn ready<F: Future>(future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut TaskContext::from_waker(std::task::Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[test]
fn a_future_is_polled_in_the_context_in_which_it_was_wrapped() {
    let attached = attached();
    let future = carry(async { tenant() });
    drop(attached);
    assert_eq!(tenant(), None);
    assert_eq!(ready(future).flatten().as_deref(), Some("42"));
    assert_eq!(tenant(), None);
}

#[test]
fn a_closure_may_give_away_what_it_captured() {
    let attached = attached();
    let captured = String::from("mine");
    let closure = carry_fn(move || (captured, tenant()));
    drop(attached);
    assert_eq!(closure(), ("mine".to_owned(), Some("42".to_owned())));
    assert_eq!(tenant(), None);
}

#[test]
fn a_spawned_value_is_treated_as_what_it_is() {
    let attached = attached();
    let future = async { tenant() };
    let future = (&&&&Spawned(&future)).__otel_kind().carry(future);
    let closure = (&&&&Spawned(&tenant)).__otel_kind().carry(tenant);
    let number = (&&&&Spawned(&7)).__otel_kind().carry(7);
    let with_parameter = |number: u32| number + 1;
    let with_parameter = (&&&&Spawned(&with_parameter)).__otel_kind().carry(with_parameter);
    drop(attached);
    assert_eq!(ready(future).flatten().as_deref(), Some("42"));
    assert_eq!(closure().as_deref(), Some("42"));
    assert_eq!(with_parameter(number), 8);
}

/// A function that takes boxes takes no `Carried`.
#[test]
fn boxes_stay_boxes_of_the_same_type() {
    type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
    let attached = attached();
    let text = String::from("borrowed");
    let future: BoxFuture<'_, _> = Box::pin(async { (text.as_str(), tenant()) });
    let future: BoxFuture<'_, _> = (&&&&Spawned(&future)).__otel_kind().carry(future);
    let local: Pin<Box<dyn Future<Output = _>>> = Box::pin(async { tenant() });
    let local: Pin<Box<dyn Future<Output = _>>> = (&&&&Spawned(&local)).__otel_kind().carry(local);
    let job: Box<dyn FnOnce() -> Option<String> + Send> = Box::new(tenant);
    let job: Box<dyn FnOnce() -> Option<String> + Send> = (&&&&Spawned(&job)).__otel_kind().carry(job);
    drop(attached);
    assert_eq!(ready(future), Some(("borrowed", Some("42".to_owned()))));
    assert_eq!(ready(local).flatten().as_deref(), Some("42"));
    assert_eq!(job().as_deref(), Some("42"));
}

#[test]
fn what_is_carried_can_go_to_another_thread_if_it_could_before() {
    fn needs_send<T: Send + 'static>(value: T) -> T {
        value
    }
    assert_eq!(ready(needs_send(carry(async { 1 }))), Some(1));
    assert_eq!(needs_send(carry_fn(|| 1))(), 1);
}

#[test]
fn an_empty_context_is_not_carried() {
    assert!(current_to_carry().is_none());
    {
        let _attached = attached();
        let carried = current_to_carry();
        assert_eq!(
            carried.and_then(|context| context.baggage().get("tenant").map(ToString::to_string)).as_deref(),
            Some("42")
        );
    }
    crate::suppress(|| assert!(current_to_carry().is_some_and(|context| context.is_telemetry_suppressed())));
    assert!(current_to_carry().is_none());
}

#[test]
fn libraries_carry_a_context_without_telemetry_alone() {
    let attached = attached();
    assert!(current_to_carry().is_some() && current_if_suppressed().is_none());
    let suppressed = Context::enter_telemetry_suppressed_scope();
    assert!(current_if_suppressed().is_some_and(|context| context.is_telemetry_suppressed()));
    drop((suppressed, attached));
    assert!(current_to_carry().is_none());
}
