#![allow(clippy::panic, reason = "a failed assumption should fail the test")]

use super::*;

fn told(report: Option<Report>) -> String {
    match report {
        Some(Report::Delayed { destination, reason, advice }) => format!("{destination} delayed: {reason}{advice}"),
        Some(Report::Failing(failing)) => failing.to_string(),
        Some(Report::Recovered { destination }) => format!("{destination} recovered"),
        Some(Report::Remark { destination, remark }) => format!("{destination} says {remark}"),
        None => String::new(),
    }
}

#[test]
fn the_first_failure_is_told_at_once_and_others_ever_more_rarely() {
    let mut state = State::default();
    let start = Instant::now();
    let mut failed = |seconds, spans, reason: &str| {
        let now = start + Duration::from_secs(seconds);
        told(state.failed(now, Signal::Spans, spans, "x", reason.to_owned()))
    };
    assert_eq!(failed(0, 5, "a"), "export to x failed: a; spans lost: 5");
    assert_eq!(failed(1, 10, "b"), "");
    assert_eq!(failed(59, 20, "c"), "");
    assert_eq!(failed(60, 30, "d"), "export to x failed 3 times, last: d; spans lost: 60");
    assert_eq!(failed(179, 1, "e"), "", "the pause has doubled");
    assert_eq!(failed(180, 1, "f"), "export to x failed 2 times, last: f; spans lost: 2");
    assert_eq!(failed(181, 1, "g"), "");
    assert_eq!(told(state.unreported()), "export to x failed: g; spans lost: 1", "nothing is lost silently");
    assert_eq!(state.unreported(), None);
}

#[test]
fn pauses_have_an_end() {
    let mut state = State::default();
    let start = Instant::now();
    for hour in 0..100 {
        let now = start + Duration::from_secs(hour * 3600);
        assert!(state.failed(now, Signal::Metrics, 1, "x", String::new()).is_some(), "{hour}");
    }
}

#[test]
fn recovery_is_told_once_everything_works() {
    let mut state = State::default();
    assert_eq!(state.succeeded(Signal::Spans, "x"), None);
    let _ = state.failed(Instant::now(), Signal::Spans, 1, "x", String::new());
    let _ = state.failed(Instant::now(), Signal::Metrics, 1, "x", String::new());
    assert_eq!(state.succeeded(Signal::Spans, "x"), None);
    assert_eq!(told(state.succeeded(Signal::Metrics, "x")), "x recovered");
    assert_eq!(state.succeeded(Signal::Metrics, "x"), None);
}

#[test]
fn signals_of_one_place_share_a_warning_that_names_the_ones_to_turn_off() {
    let outage = Outage::default();
    for signal in Signal::ALL {
        outage.expect(signal);
    }
    let mut state = outage.lock();
    let now = Instant::now();
    let _ = state.succeeded(Signal::Spans, "x");
    let first = told(state.failed(now, Signal::Metrics, 1, "otlp http://h/v1/metrics", "404".to_owned()));
    let advice = "If nothing is to be sent there, set OTEL_LOGS_EXPORTER=none, OTEL_METRICS_EXPORTER=none";
    assert_eq!(
        first,
        format!("export to otlp http://h/v1/metrics failed: 404; exports of metrics lost: 1. {advice}"),
        "a backend that takes spans is not to be left without"
    );
    assert_eq!(told(state.failed(now, Signal::Logs, 7, "otlp http://h/v1/logs", "404".to_owned())), "");
    let rest = told(state.unreported());
    assert_eq!(rest, "export to otlp http://h/v1/logs failed: 404; log records lost: 7", "advice is given once");
}

#[test]
fn at_the_end_everything_is_told_at_once() {
    let mut state = State { held_back: true, ..State::default() };
    assert_eq!(state.failed(Instant::now(), Signal::Spans, 3, "x", "a".to_owned()), None);
    assert_eq!(state.failed(Instant::now(), Signal::Metrics, 1, "x", "b".to_owned()), None);
    let Some(Report::Failing(failing)) = state.unreported() else { panic!("{state:?}") };
    let text = failing.to_string();
    assert!(text.contains("failed 2 times, last: b; spans lost: 3; exports of metrics lost: 1"), "{text}");
}

#[test]
fn what_the_collector_rejects_is_lost_though_it_works() {
    let mut state = State::default();
    state.signals[Signal::Spans as usize].expected = true;
    let mut rejected = |signal, remark: &str| {
        let received = Received { rejected: 2, remark: remark.to_owned() };
        told(state.rejected(Instant::now(), signal, &received, "x"))
    };
    let first = "export to x failed: the collector rejected 2: too old; spans lost: 2";
    assert_eq!(rejected(Signal::Spans, "too old"), first, "without advice: it is there");
    assert_eq!(rejected(Signal::Metrics, ""), "", "not twice in a minute");
    let last = "export to x failed: the collector rejected 2";
    assert_eq!(told(state.unreported()), last, "points are no exports");
    assert_eq!(told(state.succeeded(Signal::Spans, "x")), "", "nothing to recover from");
}

#[test]
fn a_delay_is_told_once_until_it_is_over() {
    let mut state = State::default();
    state.signals[Signal::Spans as usize].expected = true;
    let advice = ". If nothing is to be sent there, set OTEL_TRACES_EXPORTER=none";
    assert_eq!(told(state.tried("x", "a", UNTOLD)), format!("x delayed: a{advice}"));
    assert_eq!(told(state.tried("x", "b", UNTOLD)), "");
    let failed = state.failed(Instant::now(), Signal::Spans, 3, "x", "c".to_owned());
    assert_eq!(told(failed), "export to x failed: c; spans lost: 3", "the loss is told at once, too");
    assert_eq!(told(state.tried("x", "d", UNTOLD)), "");
    assert_eq!(told(state.succeeded(Signal::Spans, "x")), "x recovered");
    assert_eq!(told(state.tried("x", "e", UNTOLD)), "x delayed: e");
    assert_eq!(told(state.succeeded(Signal::Spans, "x")), "x recovered");
    assert_eq!(told(state.succeeded(Signal::Spans, "x")), "");
}

#[test]
fn exporters_tell_of_delays_through_their_patience() {
    let (outage, budget) = (Outage::default(), RetryBudget::default());
    outage.watch(budget.clone(), "x");
    budget.report_retry("a", Duration::ZERO);
    assert!(!outage.lock().delayed, "too early to tell");
    assert!(matches!(outage.finding(), Some(Finding::ExportFailing { reason, .. }) if reason == "a"));
    budget.report_retry("b", UNTOLD);
    assert!(outage.lock().delayed);
    // Whoever shuts down reports.
    let (outage, budget) = (Outage::default(), RetryBudget::default());
    outage.watch(budget.clone(), "x");
    outage.hold_back(Duration::ZERO);
    assert_eq!(outage.lock().tried("x", "a", UNTOLD), None);
    drop(outage);
    budget.report_retry("nobody is left to hear it", UNTOLD);
}

#[test]
fn remarks_are_told_once_in_a_while() {
    let mut state = State::default();
    let start = Instant::now();
    let mut remark = |seconds, remark: &str| told(state.remark(start + Duration::from_secs(seconds), remark, "x"));
    assert_eq!(remark(0, ""), "");
    assert_eq!(remark(1, "use gzip"), "x says use gzip");
    assert_eq!(remark(2, "use gzip, 2"), "");
    assert_eq!(remark(3601, "use gzip, 3"), "x says use gzip, 3");
}
