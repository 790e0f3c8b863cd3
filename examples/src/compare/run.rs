//! The comparison itself: start, send, stop, collect.

use std::net::SocketAddr;

use serde_json::Value;
use time::OffsetDateTime;

use super::{Case, Failure, Mark, Output, Programs, Row, Server, Span, Stop, check, diff, normalise, process, spans};

/// A generation of the HTTP conventions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `http`
    Stable,
    /// `http/dup`
    Dup,
    /// `http/old`
    Old,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Stable, Self::Dup, Self::Old];

    /// The value of `OTEL_SEMCONV_STABILITY_OPT_IN` that selects it.
    #[must_use]
    pub fn opt_in(self) -> &'static str {
        match self {
            Self::Stable => "http",
            Self::Dup => "http/dup",
            Self::Old => "http/old",
        }
    }

    pub(super) fn status_attributes(self) -> &'static [&'static str] {
        match self {
            Self::Stable => &["http.response.status_code"],
            Self::Dup => &["http.response.status_code", "http.status_code"],
            Self::Old => &["http.status_code"],
        }
    }

    pub(super) fn peer_port_attributes(self) -> &'static [&'static str] {
        match self {
            Self::Stable => &["network.peer.port"],
            Self::Dup => &["network.peer.port", "net.peer.port"],
            Self::Old => &["net.peer.port"],
        }
    }

    /// Both ways to stop a server have to work, so the modes share them.
    fn stop(self) -> Stop {
        if self == Self::Dup { Stop::Interrupt } else { Stop::Terminate }
    }
}

/// What one server made of one request.
#[derive(Clone, Debug)]
pub struct Side {
    /// Where the server listens.
    pub server: SocketAddr,
    /// The client's span of the request.
    pub client: Span,
    /// The body of the answer, line by line.
    pub body: Vec<String>,
    /// The server's spans that started after this request was sent and before the next one was.
    pub spans: Vec<Span>,
}

impl Side {
    /// The status code the client got.
    pub(super) fn status(&self) -> Option<&Value> {
        self.client.attributes.get("http.response.status_code")
    }

    /// The port the client sent from.
    pub(super) fn client_port(&self) -> Option<u64> {
        self.client.attributes.get("network.local.port")?.as_u64()
    }
}

/// One request, and what both servers made of it.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The conventions in force.
    pub mode: Mode,
    /// The request.
    pub case: Case,
    /// `server_manual`
    pub manual: Side,
    /// `server_auto`
    pub auto: Side,
}

impl Comparison {
    /// Every fact, side by side.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        diff(normalise(&self.manual, self.case.parent), normalise(&self.auto, self.case.parent))
    }

    /// What is wrong with either side on its own.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let of = |name, side| check(&self.case, self.mode, side).into_iter().map(move |what| format!("{name}: {what}"));
        of("server_manual", &self.manual).chain(of("server_auto", &self.auto)).collect()
    }

    /// Both sides are equal, and right as far as that is known.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.rows().iter().all(|row| row.mark != Mark::Different) && self.problems().is_empty()
    }
}

/// Sends `cases` to both servers in one mode of the conventions, one after the other.
///
/// # Errors
///
/// A program does not start, answer, or stop in time. No process is left behind, also when the future is dropped.
pub async fn compare(programs: &Programs, mode: Mode, cases: &[Case]) -> Result<Vec<Comparison>, Failure> {
    let environment = [
        ("OTEL_TRACES_EXPORTER", "console"),
        ("OTEL_METRICS_EXPORTER", "none"),
        ("OTEL_LOGS_EXPORTER", "none"),
        ("OTEL_SERVICE_NAME", "example"),
        ("OTEL_SEMCONV_STABILITY_OPT_IN", mode.opt_in()),
        // Nothing is exported before the servers stop: what arrives was flushed by their shutdown.
        ("OTEL_BSP_SCHEDULE_DELAY", "3600000"),
    ];
    let manual = Server::start(&programs.server_manual, &environment).await?;
    let auto = Server::start(&programs.server_auto, &environment).await?;

    let (mut to_manual, mut to_auto) = (Sent::new(&manual), Sent::new(&auto));
    for case in cases {
        to_manual.send(programs, case).await?;
        to_auto.send(programs, case).await?;
    }

    let manual = to_manual.collect(&manual.stop(mode.stop()).await?);
    let auto = to_auto.collect(&auto.stop(mode.stop()).await?);
    let sides = manual.into_iter().zip(auto);
    Ok(cases
        .iter()
        .zip(sides)
        .map(|(case, (manual, auto))| Comparison { mode, case: case.clone(), manual, auto })
        .collect())
}

/// The requests one server got.
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

    /// Finds the request of each span by the time it started: requests are sent one after the other, and no attribute
    /// or id has to be right for a span to be found.
    fn collect(mut self, output: &Output) -> Vec<Side> {
        for span in spans(output.stdout.iter().map(String::as_str)) {
            let start = span.start();
            let request = self.requests.iter_mut().rfind(|(sent, _)| start.is_none_or(|start| *sent <= start));
            // A span from before the first request is nobody's: the first one has to answer for it.
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
pub(super) mod tests {
    use std::net::Ipv4Addr;

    use serde_json::json;

    use super::*;
    use crate::compare::{cases, span::tests::server_span};

    /// A server on `port` that answered one request.
    pub(crate) fn side(port: u16) -> Side {
        let mut span = server_span();
        let client_port = u64::from(port) + 10_000;
        span.context.span_id = format!("0x{port:016x}");
        span.parent_id = Some("0x02".to_owned());
        span.attributes.insert("server.port".to_owned(), json!(port));
        span.attributes.insert("http.host".to_owned(), json!(format!("localhost:{port}")));
        span.attributes.insert("network.peer.port".to_owned(), json!(client_port));

        let mut client = server_span();
        client.context.span_id = format!("0x{client_port:016x}");
        span.parent_id = Some(client.context.span_id.clone());
        client.attributes.insert("network.local.port".to_owned(), json!(client_port));
        Side { server: (Ipv4Addr::LOCALHOST, port).into(), client, body: vec!["served".to_owned()], spans: vec![span] }
    }

    /// The request that [`side`] answered.
    pub(crate) fn case() -> Case {
        let mut case = cases().remove(0);
        case.route = Some("/a");
        case
    }

    #[test]
    fn a_comparison_can_fail() {
        let equal = Comparison { mode: Mode::Stable, case: case(), manual: side(40001), auto: side(40002) };
        assert!(equal.is_equal(), "{:?}", equal.problems());

        let mut different = equal.clone();
        different.auto.spans[0].attributes.insert("http.request.method".to_owned(), json!("PUT"));
        assert!(!different.is_equal());

        let mut equally_wrong = equal;
        for side in [&mut equally_wrong.manual, &mut equally_wrong.auto] {
            side.spans[0].attributes.insert("http.route".to_owned(), json!("/guess"));
        }
        assert!(!equally_wrong.is_equal());
    }

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
        let line = |name: &str| crate::compare::span::tests::SERVER.replace("03:04:05.000010", name);
        let stdout = vec![line("03:04:06.000000"), "noise".to_owned(), line("03:04:05.000010")];
        let status = std::process::ExitStatus::default();
        let sides = sent.collect(&Output { status, stdout, stderr: String::new() });
        assert_eq!(sides.iter().map(|side| side.spans.len()).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(sides[1].spans[0].start_time, second.start_time);
    }
}
