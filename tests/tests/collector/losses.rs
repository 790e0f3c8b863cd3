//! The losses that are reported to the operator.

/// The sum of all spans that these messages report as lost.
pub(crate) fn spans_lost(stderr: &str) -> usize {
    let told = stderr.split([';', '\n']).filter(|part| part.contains("spans lost"));
    told.filter_map(|part| {
        let (_, number) = part.rsplit_once(": ")?;
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        number[..end].parse::<usize>().ok()
    })
    .sum()
}

#[test]
fn losses_are_read_from_every_message() {
    let stderr = "otel-actix: INFO telemetry started\n\
        otel-actix: WARN export to otlp http://h:1/v1/traces (http/json) failed: refused; spans lost: 3. If nothing is \
        to be sent there, set OTEL_TRACES_EXPORTER=none\n\
        otel-actix: WARN export to otlp http://h:1/v1/traces (http/json) failed 2 times, last: refused; spans lost: 20\n\
        otel-actix: WARN spans lost on the way to otlp http://h:1/v1/traces (http/json): 100; its queue was full\n\
        otel-actix: WARN otlp http://h:1 did not end within 5s; spans lost: 1000\n";
    assert_eq!(spans_lost(stderr), 1123);
}
