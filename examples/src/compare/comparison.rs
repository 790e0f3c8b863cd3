//! One request, and what each server made of it.

use std::net::SocketAddr;

use serde_json::Value;

use super::{Case, Mark, Mode, Row, Span, check, diff, normalise};

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
}
