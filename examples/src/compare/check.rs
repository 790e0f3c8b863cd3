//! The facts that must hold for a span on its own: two servers can have the same fault.

use serde_json::json;
use time::Duration;

use super::{Case, Mode, Parent, Side, Span, normal::relation};

/// The faults of one server's answer to `case`.
#[must_use]
pub fn check(case: &Case, mode: Mode, side: &Side) -> Vec<String> {
    let mut problems = Problems(Vec::new());
    problems.equal("status of the answer", &side.status(), &Some(&json!(case.status)));
    let expected = usize::from(case.parent != Parent::Unsampled);
    problems.equal("number of spans", &side.spans.len(), &expected);
    if let Some(span) = side.spans.first() {
        problems.span(case, mode, side, span);
    }
    problems.0
}

struct Problems(Vec<String>);

impl Problems {
    fn equal<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found != expected {
            self.0.push(format!("{what} is {found:?} and must be {expected:?}"));
        }
    }

    fn span(&mut self, case: &Case, mode: Mode, side: &Side, span: &Span) {
        self.equal("kind", &span.kind.as_str(), &"SpanKind.SERVER");
        let parent = match case.parent {
            Parent::Client => "the client's span",
            Parent::None => "none: a new trace",
            Parent::Remote { .. } => "the span in traceparent",
            Parent::Unsampled => "never recorded",
        };
        self.equal("parent", &relation(span, &side.client, case.parent), &parent);

        let attribute = |name: &str| span.attributes.get(name);
        self.equal("http.route", &attribute("http.route"), &case.route.map(|route| json!(route)).as_ref());
        for name in mode.status_attributes() {
            self.equal(name, &attribute(name), &Some(&json!(case.status)));
        }
        for name in mode.peer_port_attributes() {
            self.equal(name, &attribute(name), &side.client.attributes.get("network.local.port"));
        }

        let duration = span.start().zip(span.end()).map_or(Duration::MIN, |(start, end)| end - start);
        if duration < case.duration {
            self.0.push(format!("the span ends after {duration}, before its response does ({:?})", case.duration));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::comparison::tests::{case, side},
        *,
    };

    fn problems(change: impl FnOnce(&mut Side)) -> Vec<String> {
        let mut side = side(40001);
        change(&mut side);
        check(&case(), Mode::Stable, &side)
    }

    #[test]
    fn a_right_span_has_no_problems() {
        assert_eq!(problems(|_| {}), [""; 0]);
    }

    #[test]
    fn each_fact_is_checked() {
        let changes: [fn(&mut Side); 8] = [
            |side| side.spans.clear(),
            |side| side.spans.push(side.spans[0].clone()),
            |side| side.spans[0].kind.clear(),
            |side| side.spans[0].parent_id = None,
            |side| drop(side.spans[0].attributes.remove("http.route")),
            |side| drop(side.spans[0].attributes.insert("http.response.status_code".to_owned(), json!(404))),
            |side| drop(side.spans[0].attributes.insert("network.peer.port".to_owned(), json!(1))),
            |side| drop(side.client.attributes.insert("http.response.status_code".to_owned(), json!(500))),
        ];
        for (i, change) in changes.into_iter().enumerate() {
            assert_eq!(problems(change).len(), 1, "change {i}");
        }
    }

    #[test]
    fn a_span_must_not_end_before_its_body() {
        let mut case = case();
        case.duration = std::time::Duration::from_micros(21);
        assert_eq!(check(&case, Mode::Stable, &side(40001)).len(), 1);
    }
}
