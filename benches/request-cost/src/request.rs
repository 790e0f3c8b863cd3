//! The requests that are sent, over and over.

use std::net::SocketAddr;
use std::str::FromStr as _;

use actix_http::Request;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, Uri, Version};

use crate::app::{Shape, other_route};

/// The context of a caller that recorded its span.
pub const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// Makes requests.
#[derive(Debug)]
pub struct Requests {
    uris: Vec<Uri>,
    headers: HeaderMap,
    peer: SocketAddr,
    sent: usize,
}

impl Requests {
    /// Requests as a client sends them, with or without a sampled `traceparent`, to each route in turn.
    #[must_use]
    pub fn new(traceparent: bool, shape: Shape) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("shop.example.com:8080"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("Mozilla/5.0 (X11; Linux x86_64) bench/1.0"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if traceparent {
            headers.insert(HeaderName::from_static("traceparent"), HeaderValue::from_static(TRACEPARENT));
        }
        let others = (1..shape.routes).filter_map(|number| Uri::from_str(&other_route(number, "42")).ok());
        let uris = std::iter::once(Uri::from_static("/users/42")).chain(others).collect();
        Self { uris, headers, peer: SocketAddr::from(([192, 0, 2, 17], 54321)), sent: 0 }
    }

    /// The next requests.
    #[must_use]
    pub fn make(&mut self, count: usize) -> Vec<Request> {
        (0..count).map(|_| self.next()).collect()
    }

    fn next(&mut self) -> Request {
        let mut request = Request::new();
        let head = request.head_mut();
        head.method = Method::GET;
        head.uri.clone_from(&self.uris[self.sent % self.uris.len()]);
        head.version = Version::HTTP_11;
        head.headers.clone_from(&self.headers);
        head.peer_addr = Some(self.peer);
        self.sent += 1;
        request
    }
}
