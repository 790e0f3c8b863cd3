//! A span as a list of facts, and the part of each fact that must be equal for all servers.
//!
//! Ids, times and ports differ from run to run. They are not left out: each is replaced by its meaning (the port of the
//! client's socket, the client's trace) if it is correct, and stays as it is otherwise.

use serde_json::{Value, json};

use super::{Parent, Side, Span};

/// The part of a span that a fact belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// The client's request and response.
    Client,
    /// Name, ids, times, kind, status.
    Span,
    /// Attributes.
    Attribute,
    /// Events and their attributes.
    Event,
    /// Links.
    Link,
    /// Attributes of the resource.
    Resource,
}

/// The name of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The part of the span.
    pub section: Section,
    /// The name in that part.
    pub name: String,
}

/// One fact about a span.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The name of the fact.
    pub field: Field,
    /// The printed value.
    pub raw: Value,
    /// The value that must be equal.
    pub normal: Value,
}

/// The facts of one side of the comparison, in an order for readers.
#[must_use]
pub fn normalise(side: &Side, parent: Parent) -> Vec<Fact> {
    let mut facts = Facts(Vec::new());
    facts.same(Section::Client, "answer.status", side.status().cloned());
    facts.same(Section::Client, "answer.body", Some(json!(side.body)));
    facts.id(Section::Client, "client.span_id", &side.client.context.span_id);
    if let Some(span) = side.spans.first() {
        facts.span(span, side, parent);
    }
    facts.0
}

/// The relation of a span to the request that it belongs to.
pub(super) fn relation(span: &Span, client: &Span, parent: Parent) -> &'static str {
    let ids = (span.context.trace_id.as_str(), span.parent_id.as_deref());
    match (ids, parent) {
        ((trace, None), _) if trace != client.context.trace_id => "none: a new trace",
        ((trace, Some(id)), _) if trace == client.context.trace_id && id == client.context.span_id => {
            "the client's span"
        }
        ((trace, Some(id)), Parent::Remote { trace_id, span_id })
            if trace.strip_prefix("0x") == Some(trace_id) && id.strip_prefix("0x") == Some(span_id) =>
        {
            "the span in traceparent"
        }
        _ => "unknown",
    }
}

struct Facts(Vec<Fact>);

impl Facts {
    fn add(&mut self, section: Section, name: &str, raw: Value, normal: Value) {
        self.0.push(Fact { field: Field { section, name: name.to_owned() }, raw, normal });
    }

    fn same(&mut self, section: Section, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.add(section, name, value.clone(), value);
        }
    }

    /// Adds a text, which is replaced if it `holds`.
    fn replaced(&mut self, section: Section, name: &str, raw: &str, holds: bool) {
        self.add(section, name, json!(raw), if holds { json!({ "valid": name }) } else { json!(raw) });
    }

    fn id(&mut self, section: Section, name: &str, id: &str) {
        self.replaced(section, name, id, is_span_id(id));
    }

    fn span(&mut self, span: &Span, side: &Side, parent: Parent) {
        use Section::{Attribute, Event, Link, Resource, Span as Whole};

        self.same(Whole, "name", Some(json!(span.name)));
        self.same(Whole, "kind", Some(json!(span.kind)));
        let relation = relation(span, &side.client, parent);
        self.same(Whole, "parent", Some(json!(relation)));
        self.add(Whole, "parent_id", json!(span.parent_id), json!(relation));
        self.add(Whole, "trace_id", json!(span.context.trace_id), json!(relation));
        self.id(Whole, "span_id", &span.context.span_id);
        self.same(Whole, "trace_state", Some(span.context.trace_state.clone()));
        self.replaced(Whole, "start_time", &span.start_time, span.start().is_some());
        let in_order = span.start().zip(span.end()).is_some_and(|(start, end)| start <= end);
        self.replaced(Whole, "end_time", &span.end_time, in_order);
        for (name, value) in &span.status {
            self.same(Whole, &format!("status.{name}"), Some(value.clone()));
        }

        for (name, value) in &span.attributes {
            self.add(Attribute, name, value.clone(), attribute(name, value, side));
        }
        for (i, event) in span.events.iter().enumerate() {
            self.same(Event, &format!("events[{i}].name"), Some(json!(event.name)));
            for (name, value) in &event.attributes {
                self.same(Event, &format!("events[{i}].{name}"), Some(value.clone()));
            }
        }
        for (i, link) in span.links.iter().enumerate() {
            self.same(Link, &format!("links[{i}]"), Some(link.clone()));
        }
        for (name, value) in span.resource["attributes"].as_object().into_iter().flatten() {
            let instance = name == "service.instance.id" && value.as_str().is_some_and(|id| !id.is_empty());
            let normal = if instance { json!("<instance>") } else { value.clone() };
            self.add(Resource, &format!("resource.{name}"), value.clone(), normal);
        }
    }
}

/// Replaces the two ports of a request if they have the right type and value.
fn attribute(name: &str, value: &Value, side: &Side) -> Value {
    let server_port = u64::from(side.server.port());
    match name {
        "server.port" | "host.port" | "net.host.port" if value.as_u64() == Some(server_port) => json!("<server port>"),
        "network.peer.port" | "net.peer.port" if value.as_u64().is_some() && value.as_u64() == side.client_port() => {
            json!("<client port>")
        }
        "http.host" => match value.as_str().and_then(|host| host.strip_suffix(&format!(":{server_port}"))) {
            Some(host) => json!(format!("{host}:<server port>")),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

fn is_span_id(id: &str) -> bool {
    id.strip_prefix("0x").is_some_and(|id| {
        id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit()) && id.bytes().any(|byte| byte != b'0')
    })
}
