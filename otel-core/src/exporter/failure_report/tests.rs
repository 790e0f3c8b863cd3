use super::*;
use schedule::QUIET_RETRIES;

fn text(report: impl Into<Option<Report>>) -> String {
    report.into().map(|report| report.to_string()).unwrap_or_default()
}

fn succeeded(state: &mut ReportState, signal: Signal) -> String {
    let [recovered, remark] = state.received(Instant::now(), signal, &Received::default(), "x");
    assert_eq!(remark, None);
    text(recovered)
}

#[test]
fn the_first_failure_is_reported_at_once_and_others_ever_more_rarely() {
    let mut state = ReportState::default();
    let start = Instant::now();
    let mut failed = |seconds, spans, reason: &str| {
        let now = start + Duration::from_secs(seconds);
        text(state.failed(now, Signal::Spans, spans, "x", reason.to_owned()))
    };
    assert_eq!(failed(0, 5, "a"), "export to x failed: a; spans lost: 5");
    assert_eq!(failed(1, 10, "b"), "");
    assert_eq!(failed(59, 20, "c"), "");
    assert_eq!(failed(60, 30, "d"), "export to x failed 3 times, last: d; spans lost: 60");
    assert_eq!(failed(179, 1, "e"), "", "the pause has doubled");
    assert_eq!(failed(180, 1, "f"), "export to x failed 2 times, last: f; spans lost: 2");
    assert_eq!(failed(181, 1, "g"), "");
    assert_eq!(text(state.unreported()), "export to x failed: g; spans lost: 1", "nothing is lost silently");
    assert_eq!(state.unreported(), None);
}

#[test]
fn pauses_have_an_end() {
    let mut state = ReportState::default();
    let start = Instant::now();
    for hour in 0..100 {
        let now = start + Duration::from_secs(hour * 3600);
        assert!(state.failed(now, Signal::Metrics, 1, "x", String::new()).is_some(), "{hour}");
    }
}

#[test]
fn recovery_is_reported_once_everything_works() {
    let mut state = ReportState::default();
    assert_eq!(succeeded(&mut state, Signal::Spans), "");
    let _ = state.failed(Instant::now(), Signal::Spans, 1, "x", String::new());
    let _ = state.failed(Instant::now(), Signal::Metrics, 1, "x", String::new());
    assert_eq!(succeeded(&mut state, Signal::Spans), "");
    assert_eq!(succeeded(&mut state, Signal::Metrics), "export to x works again");
    assert_eq!(succeeded(&mut state, Signal::Metrics), "");
}

#[test]
fn signals_of_one_place_share_a_warning_that_names_the_ones_to_turn_off() {
    let reporter = FailureReporter::default();
    for signal in Signal::ALL {
        reporter.expect(signal);
    }
    let mut state = reporter.lock();
    let now = Instant::now();
    succeeded(&mut state, Signal::Spans);
    let first = text(state.failed(now, Signal::Metrics, 1, "otlp http://h/v1/metrics", "404".to_owned()));
    let advice = "If nothing is to be sent there, set OTEL_LOGS_EXPORTER=none, OTEL_METRICS_EXPORTER=none";
    assert_eq!(
        first,
        format!("export to otlp http://h/v1/metrics failed: 404; exports of metrics lost: 1. {advice}"),
        "a backend that takes spans is not to be left without"
    );
    assert_eq!(text(state.failed(now, Signal::Logs, 7, "otlp http://h/v1/logs", "404".to_owned())), "");
    let rest = text(state.unreported());
    assert_eq!(rest, "export to otlp http://h/v1/logs failed: 404; log records lost: 7", "advice is given once");
}

#[test]
fn at_the_end_everything_is_reported_at_once() {
    let mut state = ReportState::default();
    state.schedule.is_held_back = true;
    assert_eq!(state.failed(Instant::now(), Signal::Spans, 3, "x", "a".to_owned()), None);
    assert_eq!(state.failed(Instant::now(), Signal::Metrics, 1, "x", "b".to_owned()), None);
    let text = text(state.unreported());
    assert!(text.contains("failed 2 times, last: b; spans lost: 3; exports of metrics lost: 1"), "{text}");
}

#[test]
fn what_the_collector_rejects_is_lost_though_it_works() {
    let mut state = ReportState::default();
    state.history.expect(Signal::Spans);
    let mut rejected = |signal, remark: &str| {
        let received = Received { rejected: 2, remark: remark.to_owned() };
        let [report, none] = state.received(Instant::now(), signal, &received, "x");
        assert_eq!(none, None);
        text(report)
    };
    let first = "export to x failed: the collector rejected 2: too old; spans lost: 2";
    assert_eq!(rejected(Signal::Spans, "too old"), first, "without advice: it is there");
    assert_eq!(rejected(Signal::Metrics, ""), "", "not twice in a minute");
    let last = "export to x failed: the collector rejected 2";
    assert_eq!(text(state.unreported()), last, "points are no exports");
    assert_eq!(succeeded(&mut state, Signal::Spans), "", "nothing to recover from");
}

/// A collector has a path for each signal.
#[test]
fn findings_name_the_destination_of_their_own_signal() {
    let reporter = FailureReporter::default();
    reporter.failed(Signal::Spans, 3, "http://c/v1/traces", "busy".to_owned());
    reporter.failed(Signal::Metrics, 1, "http://c/v1/metrics", "not found".to_owned());
    let losses: Vec<_> = reporter.losses().iter().map(ToString::to_string).collect();
    assert_eq!(
        losses,
        [
            "spans lost because exports to http://c/v1/traces failed: 3",
            "exports of metrics lost because exports to http://c/v1/metrics failed: 1",
        ]
    );
    let failing = |reporter: &FailureReporter| reporter.finding().map(|finding| finding.to_string());
    let advice =
        "OTEL_EXPORTER_OTLP_ENDPOINT names the collector, and OTEL_TRACES_EXPORTER=console shows spans without one";
    assert_eq!(failing(&reporter), Some(format!("export to http://c/v1/traces fails: busy; {advice}")));
    reporter.received(Signal::Spans, &Received::default(), "http://c/v1/traces");
    assert_eq!(failing(&reporter), Some(format!("export to http://c/v1/metrics fails: not found; {advice}")));
    reporter.received(Signal::Metrics, &Received::default(), "http://c/v1/metrics");
    assert_eq!(failing(&reporter), None);
}

#[test]
fn a_retry_is_reported_once_until_it_is_over() {
    let mut state = ReportState::default();
    state.history.expect(Signal::Spans);
    let begins = "export to x has not succeeded yet and is retried: ";
    let advice = ". If nothing is to be sent there, set OTEL_TRACES_EXPORTER=none";
    assert_eq!(text(state.retrying("x", "a", QUIET_RETRIES)), format!("{begins}a{advice}"));
    assert_eq!(text(state.retrying("x", "b", QUIET_RETRIES)), "");
    let failed = state.failed(Instant::now(), Signal::Spans, 3, "x", "c".to_owned());
    assert_eq!(text(failed), "export to x failed: c; spans lost: 3", "the loss is reported at once, too");
    assert_eq!(text(state.retrying("x", "d", QUIET_RETRIES)), "");
    assert_eq!(succeeded(&mut state, Signal::Spans), "export to x works again");
    assert_eq!(text(state.retrying("x", "e", QUIET_RETRIES)), format!("{begins}e"));
    assert_eq!(succeeded(&mut state, Signal::Spans), "export to x works again");
    assert_eq!(succeeded(&mut state, Signal::Spans), "");
}

#[test]
fn exporters_report_retries_through_their_budget() {
    let (reporter, budget) = (FailureReporter::default(), RetryBudget::default());
    reporter.watch(budget.clone(), Secrets::new(["token"]), "x");
    budget.report_retry("atoken", Duration::ZERO);
    assert!(!reporter.lock().schedule.has_reported_retry(), "too early");
    assert!(matches!(reporter.finding(), Some(Finding::ExportFailing { reason, .. }) if reason == "aREDACTED"));
    budget.report_retry("b", QUIET_RETRIES);
    assert!(reporter.lock().schedule.has_reported_retry());
    // While telemetry is shut down, nothing is reported before the end.
    let (reporter, budget) = (FailureReporter::default(), RetryBudget::default());
    reporter.watch(budget.clone(), Secrets::default(), "x");
    reporter.hold_back(Duration::ZERO);
    assert_eq!(reporter.lock().retrying("x", "a", QUIET_RETRIES), None);
    drop(reporter);
    budget.report_retry("nobody is left to hear it", QUIET_RETRIES);
}

#[test]
fn remarks_are_reported_once_in_a_while() {
    let mut state = ReportState::default();
    let start = Instant::now();
    let mut remark = |seconds, remark: &str| {
        let received = Received { rejected: 0, remark: remark.to_owned() };
        let [none, remark] = state.received(start + Duration::from_secs(seconds), Signal::Spans, &received, "x");
        assert_eq!(none, None);
        text(remark)
    };
    assert_eq!(remark(0, ""), "");
    assert_eq!(remark(1, "use gzip"), "x accepted the export and says: use gzip");
    assert_eq!(remark(2, "use gzip, 2"), "");
    assert_eq!(remark(3601, "use gzip, 3"), "x accepted the export and says: use gzip, 3");
}
