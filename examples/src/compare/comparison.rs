//! One request, and the answer and spans of each server.

use std::net::SocketAddr;

use serde_json::Value;

use super::{Case, Mark, Mode, Row, Span, check, diff, normalise};

/// The answer and spans of one server for one request.
#[derive(Clone, Debug)]
pub struct Side {
    /// The address of the server.
    pub server: SocketAddr,
    /// The client's span of the request.
    pub client: Span,
    /// The body of the answer, line by line.
    pub body: Vec<String>,
    /// The server's spans that started between this request and the next one.
    pub spans: Vec<Span>,
}

impl Side {
    /// The status code that the client received.
    pub(super) fn status(&self) -> Option<&Value> {
        self.client.attributes.get("http.response.status_code")
    }

    /// The port of the client.
    pub(super) fn client_port(&self) -> Option<u64> {
        self.client.attributes.get("network.local.port")?.as_u64()
    }
}

/// One request, and the answers and spans of the servers.
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
    /// `server_uninstrumented`, if it takes part.
    pub zero_code: Option<Side>,
}

impl Comparison {
    /// Every fact, side by side.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        diff(&self.sides().map(|(_, side)| normalise(side, self.case.parent)).collect::<Vec<_>>())
    }

    /// The servers by name, in the order in which they are shown.
    pub fn sides(&self) -> impl Iterator<Item = (&'static str, &Side)> {
        let two = [("server_manual", &self.manual), ("server_auto", &self.auto)];
        two.into_iter().chain(self.zero_code.iter().map(|side| ("server_uninstrumented", side)))
    }

    /// The faults of each side on its own.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let of =
            |(name, side)| check(&self.case, self.mode, side).into_iter().map(move |what| format!("{name}: {what}"));
        self.sides().flat_map(of).collect()
    }

    /// Returns `true` if all sides are equal, and correct as far as that is known.
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
        let equal = Comparison {
            mode: Mode::Stable,
            case: case(),
            manual: side(40001),
            auto: side(40002),
            zero_code: Some(side(40003)),
        };
        assert!(equal.is_equal(), "{:?}", equal.problems());

        let mut different = equal.clone();
        different.auto.spans[0].attributes.insert("http.request.method".to_owned(), json!("PUT"));
        assert!(!different.is_equal());

        let mut third_is_different = equal.clone();
        third_is_different.zero_code.iter_mut().for_each(|side| side.spans.clear());
        assert!(!third_is_different.is_equal());

        let mut equally_wrong = equal;
        for side in [&mut equally_wrong.manual, &mut equally_wrong.auto] {
            side.spans[0].attributes.insert("http.route".to_owned(), json!("/guess"));
        }
        assert!(!equally_wrong.is_equal());
    }
}
