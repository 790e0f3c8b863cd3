//! The comparison itself: start, send, stop, collect.

use std::net::SocketAddr;

use time::OffsetDateTime;

use super::{Case, Comparison, Failure, Mode, Output, Programs, Server, Side, process, spans};

/// Sends `cases` to the servers in one mode of the conventions, one after the other.
///
/// # Errors
///
/// If a program does not start, answer, or stop in time. No process is left behind, even if the future is dropped.
pub async fn compare(programs: &Programs, mode: Mode, cases: &[Case]) -> Result<Vec<Comparison>, Failure> {
    let environment = [
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_SERVICE_NAME", "example"),
        ("OTEL_SEMCONV_STABILITY_OPT_IN", mode.opt_in()),
        // Nothing is exported before the servers stop, so each span has passed the flush of their shutdown.
        ("OTEL_BSP_SCHEDULE_DELAY", "3600000"),
    ];
    let manual = Server::start(&programs.server_manual, &environment).await?;
    let auto = Server::start(&programs.server_auto, &environment).await?;

    let zero_code = match &programs.server_uninstrumented {
        Some(program) => Some(Server::start(program, &environment).await?),
        None => None,
    };

    let (mut to_manual, mut to_auto) = (Sent::new(&manual), Sent::new(&auto));
    let mut to_zero_code = zero_code.as_ref().map(Sent::new);
    for case in cases {
        to_manual.send(programs, case).await?;
        to_auto.send(programs, case).await?;
        if let Some(sent) = &mut to_zero_code {
            sent.send(programs, case).await?;
        }
    }

    let manual = to_manual.collect(&manual.stop(mode.stop()).await?);
    let auto = to_auto.collect(&auto.stop(mode.stop()).await?);
    let mut zero_code = match to_zero_code.zip(zero_code) {
        Some((sent, server)) => sent.collect(&server.stop(mode.stop()).await?),
        None => Vec::new(),
    }
    .into_iter();
    let sides = manual.into_iter().zip(auto);
    Ok(cases
        .iter()
        .zip(sides)
        .map(|(case, (manual, auto))| Comparison {
            mode,
            case: case.clone(),
            manual,
            auto,
            zero_code: zero_code.next(),
        })
        .collect())
}

/// The requests to one server.
struct Sent {
    server: SocketAddr,
    requests: Vec<(OffsetDateTime, Side)>,
}

impl Sent {
    fn new(server: &Server) -> Self {
        Self { server: server.address(), requests: Vec::new() }
    }

    async fn send(&mut self, programs: &Programs, case: &Case) -> Result<(), Failure> {
        let sent = OffsetDateTime::now_utc();
        let output = process::run(&programs.client, &case.client_arguments(self.server.port())).await?;
        let failed = || {
            format!(
                "{} {} {:?}: {}{}",
                case.method,
                case.target,
                case.arguments,
                output.stdout.join("\n"),
                output.stderr
            )
        };
        if !output.status.success() {
            return Err(failed().into());
        }
        let client = spans(output.stdout.iter().map(String::as_str)).pop().ok_or_else(failed)?;
        let body = output.stdout.iter().filter(|line| !line.starts_with('{') || spans([line.as_str()]).is_empty());
        let side = Side { server: self.server, client, body: body.cloned().collect(), spans: Vec::new() };
        self.requests.push((sent, side));
        Ok(())
    }

    /// Finds the request of each span by its start: requests are sent one after the other, so a span is found without a
    /// correct attribute or id.
    fn collect(mut self, output: &Output) -> Vec<Side> {
        for span in spans(output.stdout.iter().map(String::as_str)) {
            let start = span.start();
            let request = self.requests.iter_mut().rfind(|(sent, _)| start.is_none_or(|start| *sent <= start));
            // A span from before the first request counts for the first one, and is a fault there.
            let request = request.map(|(_, side)| side);
            if let Some(side) = request {
                side.spans.push(span);
            } else if let Some((_, side)) = self.requests.first_mut() {
                side.spans.push(span);
            }
        }
        self.requests.into_iter().map(|(_, side)| side).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, process::ExitStatus};

    use super::*;
    use crate::compare::{
        comparison::tests::side,
        span::{
            Span,
            tests::{SERVER, server_span},
        },
    };

    #[test]
    fn spans_belong_to_the_request_before_them() {
        let (first, second) = (server_span(), {
            let mut span = server_span();
            "2026-01-02T03:04:06.000000Z".clone_into(&mut span.start_time);
            span
        });
        let at = |span: &Span| span.start().map(|start| start - time::Duration::MILLISECOND);
        let mut sent = Sent { server: (Ipv4Addr::LOCALHOST, 1).into(), requests: Vec::new() };
        for time in [at(&first), at(&second)].into_iter().flatten() {
            sent.requests.push((time, Side { spans: Vec::new(), ..side(1) }));
        }
        let line = |name: &str| SERVER.replace("03:04:05.000010", name);
        let stdout = vec![line("03:04:06.000000"), "noise".to_owned(), line("03:04:05.000010")];
        let status = ExitStatus::default();
        let sides = sent.collect(&Output { status, stdout, stderr: String::new() });
        assert_eq!(sides.iter().map(|side| side.spans.len()).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(sides[1].spans[0].start_time, second.start_time);
    }
}
