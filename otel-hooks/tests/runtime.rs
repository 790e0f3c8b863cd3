//! The hooks with a runtime that counts the calls of its functions.
#![allow(missing_docs, reason = "a test")]

use std::cell::Cell;
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};

use otel_hooks::client::{Attached, DatabaseCall, DatabaseSpan, OuterCall, scope, within_query};
use otel_hooks::database::DatabaseFacts;
use otel_hooks::opentelemetry::baggage::BaggageExt as _;
use otel_hooks::opentelemetry::{Context, KeyValue};
use otel_hooks::{RuntimeFunctions, carry, carry_fn};

thread_local! {
    static QUERIES: Cell<u32> = const { Cell::new(0) };
    /// The call that the last guard gave back.
    static RESTORED: Cell<Option<OuterCall>> = const { Cell::new(None) };
}

/// A call that the thread ran before.
const OUTER: OuterCall = ([7; 8], true);

#[derive(Debug)]
struct Query;

impl DatabaseCall for Query {
    fn attach(&self) -> Attached {
        Attached::new(Context::current().attach(), OUTER, |outer| RESTORED.set(Some(outer)))
    }

    fn set_returned_rows(&mut self, _: u64) {}

    fn end(self: Box<Self>) {}

    fn fail(self: Box<Self>, _: &'static str, _: Option<&str>) {}
}

fn install() {
    otel_hooks::install(RuntimeFunctions {
        start: || {},
        record_event: |_| {},
        record_log: |_| {},
        context_to_carry: || Some(Context::current()),
        context_if_suppressed: || None,
        attach_to_drop: |context| Some(context.clone().attach()),
        is_enabled: |_| true,
        start_http_call: |_| unreachable!("no test starts one"),
        start_database_call: |_| {
            QUERIES.set(QUERIES.get() + 1);
            Box::new(Query)
        },
        time_out: |give_up| give_up(),
        error_type_of: |_| None,
        io_error_type: |_| None,
        displayed: |_| String::new(),
    });
}

fn query() -> DatabaseSpan {
    DatabaseSpan::start(scope(), &DatabaseFacts::new("sqlite"))
}

fn polled<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[test]
fn queries_within_a_query_have_no_span() {
    install();
    let outer = query();
    assert_eq!(QUERIES.get(), 1);
    {
        let _attached = outer.attach();
        drop(query());
        assert_eq!(RESTORED.get(), None);
    }
    assert_eq!(RESTORED.get(), Some(OUTER));
    polled(outer.run(async { drop(query()) }));
    polled(within_query(async { drop(query()) }));
    assert_eq!(QUERIES.get(), 1);
    // The next one is no part of it.
    drop(query());
    assert_eq!(QUERIES.get(), 2);
}

#[test]
fn a_task_runs_in_the_context_of_the_code_that_spawned_it() {
    install();
    let tenant = || Context::current().baggage().get("tenant").map(ToString::to_string);
    let attached = Context::current_with_baggage([KeyValue::new("tenant", "42")]).attach();
    let future = carry(async move { tenant() });
    let closure = carry_fn(tenant);
    drop(attached);
    assert_eq!(tenant(), None);
    assert_eq!(polled(future).flatten().as_deref(), Some("42"));
    assert_eq!(closure().as_deref(), Some("42"));
    assert_eq!(tenant(), None);
}
