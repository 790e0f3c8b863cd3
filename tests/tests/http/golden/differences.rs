//! The differences from Python's agent, with their reasons. Everything else is equal.

use super::Recorded;
use serde_json::{Value, json};

pub(super) type Difference = fn(&mut Recorded);

/// Each function turns Python's record into the expected one.
pub(super) const DIFFERENCES: &[Difference] = &[
    routes_are_spelled_as_the_framework_spells_them,
    a_wrong_method_does_not_hide_the_route,
    a_path_is_never_a_name,
    a_server_is_what_the_client_called_it,
    a_path_is_recorded_as_sent,
    secrets_are_not_recorded,
    nobody_is_believed_who_is_not_trusted,
    what_is_opt_in_is_not_there_by_itself,
    peers_are_recommended,
    old_names_are_complete,
    old_names_tell_the_server_and_the_target,
];

pub(super) fn apply(recorded: &mut Recorded) {
    for difference in DIFFERENCES {
        difference(recorded);
    }
}

impl Recorded {
    fn is_stable(&self) -> bool {
        self.attributes.contains_key("url.path")
    }

    fn is_old(&self) -> bool {
        self.attributes.contains_key("http.target")
    }

    fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.attributes.insert(key.to_owned(), value.into());
    }

    /// Sets an attribute that exists.
    fn correct(&mut self, key: &str, value: impl Into<Value>) {
        if let Some(place) = self.attributes.get_mut(key) {
            *place = value.into();
        }
    }

    /// Host and port of the `Host` header.
    fn authority(&self) -> (String, u16) {
        let (host, port) = self.request.host.split_once(':').unwrap_or((&self.request.host, "80"));
        (host.to_owned(), port.parse().unwrap())
    }
}

/// `http.route` is in the framework's own syntax.
fn routes_are_spelled_as_the_framework_spells_them(recorded: &mut Recorded) {
    let (flask, actix) = ("<int:user_id>", "{user_id:[0-9]+}");
    recorded.name = recorded.name.replace(flask, actix);
    if let Some(Value::String(route)) = recorded.attributes.get_mut("http.route") {
        *route = route.replace(flask, actix);
    }
}

/// A resource has its route even if it lacks the method. `FastAPI`'s instrumentation records that too, Flask's does
/// not.
fn a_wrong_method_does_not_hide_the_route(recorded: &mut Recorded) {
    if recorded.status == 405 {
        let method = recorded.name.split(' ').next().unwrap();
        recorded.name = format!("{method} {}", recorded.request.path);
        recorded.set("http.route", recorded.request.path.clone());
    }
}

/// Without a route the name is the method alone: paths have no bounds. Flask's instrumentation takes the path.
fn a_path_is_never_a_name(recorded: &mut Recorded) {
    if !recorded.attributes.contains_key("http.route") {
        let method = recorded.name.split(' ').next().unwrap();
        recorded.name = method.to_owned();
    }
}

/// `server.address` has no port, and `server.port` is that of the same authority: not that of the socket, which may be
/// behind a proxy or a mapping of ports. `FastAPI`'s instrumentation takes the socket's address.
fn a_server_is_what_the_client_called_it(recorded: &mut Recorded) {
    let (host, port) = recorded.authority();
    recorded.correct("server.address", host);
    recorded.correct("server.port", port);
}

/// `url.path` keeps its percent-encoding: decoded, `/a%2Fb` and `/a/b` are one.
fn a_path_is_recorded_as_sent(recorded: &mut Recorded) {
    recorded.correct("url.path", recorded.request.path.clone());
}

/// Values of keys that are known to hold signatures or credentials become `REDACTED`.
fn secrets_are_not_recorded(recorded: &mut Recorded) {
    let secret = "param=1&sig=abc&Signature=zz&AWSAccessKeyId=k&X-Goog-Signature=g";
    let redacted = "param=1&sig=REDACTED&Signature=REDACTED&AWSAccessKeyId=REDACTED&X-Goog-Signature=REDACTED";
    if recorded.request.query.as_deref() == Some(secret) {
        recorded.request.query = Some(redacted.to_owned());
        recorded.correct("url.query", redacted);
    }
}

/// Any client can send `X-Forwarded-*`. `FastAPI`'s server trusts it from any neighbour.
fn nobody_is_believed_who_is_not_trusted(recorded: &mut Recorded) {
    for key in ["client.address", "net.peer.ip"] {
        recorded.correct(key, "127.0.0.1");
    }
    for key in ["url.scheme", "http.scheme"] {
        recorded.correct(key, "http");
    }
}

/// `client.port` and `user_agent.synthetic.type` are opt-in.
fn what_is_opt_in_is_not_there_by_itself(recorded: &mut Recorded) {
    recorded.attributes.remove("client.port");
    recorded.attributes.remove("user_agent.synthetic.type");
}

/// `network.peer.*` is recommended by the stable conventions.
fn peers_are_recommended(recorded: &mut Recorded) {
    if recorded.is_stable() {
        recorded.set("network.peer.address", "127.0.0.1");
        recorded.set("network.peer.port", "<port>");
    }
    if recorded.is_old() {
        recorded.set("net.peer.port", "<port>");
    }
}

/// The old set is everything that the first auto-instrumentation example printed (`seed-2020.json`): later versions
/// dropped some of it.
fn old_names_are_complete(recorded: &mut Recorded) {
    if !recorded.is_old() {
        return;
    }
    let text = match recorded.status {
        200 => "OK",
        302 => "Found",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        422 => "Unprocessable Entity",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        other => panic!("no reason phrase for {other}"),
    };
    recorded.set("component", "http");
    recorded.set("host.port", 8082);
    recorded.set("http.status_text", text);
}

/// `http.target` has the query and keeps its encoding, `http.host` is the header, `net.host.name` has no port, and
/// `http.server_name` is the server's own name. `http.url` is for servers that do not know the other attributes.
/// `FastAPI`'s instrumentation mixes them up.
fn old_names_tell_the_server_and_the_target(recorded: &mut Recorded) {
    if !recorded.is_old() {
        return;
    }
    let path = &recorded.request.path;
    let target = recorded.request.query.as_ref().map_or_else(|| path.clone(), |query| format!("{path}?{query}"));
    recorded.set("http.target", target);
    recorded.set("http.host", recorded.request.host.clone());
    recorded.set("net.host.name", recorded.authority().0);
    recorded.set("http.server_name", json!("127.0.0.1"));
    recorded.attributes.remove("http.url");
}
