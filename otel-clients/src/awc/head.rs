//! The head of a request.

use std::borrow::Cow;
use std::rc::Rc;

use actix_http::body::{BodySize, MessageBody as _};
use actix_http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_http::{RequestHead, RequestHeadType};
use awc::ConnectRequest;
use otel_core::client::RequestHeaders;
use otel_core::http::{ClientRequestFacts, HeaderLookup};

/// The head of a request that is about to be sent.
pub(super) enum Head<'a> {
    Owned(&'a mut RequestHead),
    /// A request that is sent more than once shares its head. The other headers are for this sending alone, and replace
    /// headers of the same name.
    Shared(&'a mut Rc<RequestHead>, &'a mut Option<HeaderMap>),
}

impl<'a> Head<'a> {
    pub(super) fn of(request: &'a mut ConnectRequest) -> Self {
        match request {
            ConnectRequest::Client(RequestHeadType::Owned(head), ..) | ConnectRequest::Tunnel(head, _) => {
                Self::Owned(head)
            }
            ConnectRequest::Client(RequestHeadType::Rc(head, extra), ..) => Self::Shared(head, extra),
        }
    }

    /// The size of the request's body in bytes, if it is known.
    pub(super) fn body_size(request: &ConnectRequest) -> Option<u64> {
        match request {
            ConnectRequest::Client(_, body, _) => match body.size() {
                BodySize::Sized(bytes) => Some(bytes),
                BodySize::None | BodySize::Stream => None,
            },
            ConnectRequest::Tunnel(..) => None,
        }
    }

    pub(super) fn head(&self) -> &RequestHead {
        match self {
            Self::Owned(head) => head,
            Self::Shared(head, _) => head,
        }
    }

    pub(super) fn facts(&self, resend_count: u32, body_size: Option<u64>) -> ClientRequestFacts<'_> {
        let head = self.head();
        let uri = &head.uri;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let scheme = uri.scheme_str().unwrap_or("http");
        let mut facts = ClientRequestFacts::new(head.method.as_str(), scheme, authority, uri.path());
        facts.query = uri.query();
        facts.resend_count = resend_count;
        facts.body_size = body_size;
        facts.headers = self;
        facts
    }
}

impl HeaderLookup for Head<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        let extra = match self {
            Self::Shared(_, Some(extra)) => extra.get(name),
            _ => None,
        };
        extra.or_else(|| self.head().headers.get(name)).map(HeaderValue::as_bytes)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        let extra = match self {
            Self::Shared(_, Some(extra)) => Some(extra),
            _ => None,
        };
        for (name, value) in &self.head().headers {
            if !extra.is_some_and(|extra| extra.contains_key(name)) {
                visitor(name.as_str(), value.as_bytes());
            }
        }
        for (name, value) in extra.into_iter().flatten() {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}

impl RequestHeaders for Head<'_> {
    fn set(&mut self, name: &str, value: &[u8]) {
        let (Some(name), Ok(value)) = (header_name(name), HeaderValue::from_bytes(value)) else { return };
        match self {
            Self::Owned(head) => head.headers.insert(name.into_owned(), value),
            Self::Shared(_, extra) => extra.get_or_insert_with(HeaderMap::new).insert(name.into_owned(), value),
        };
    }

    fn remove(&mut self, name: &str) {
        let Some(name) = header_name(name) else { return };
        if let Self::Shared(_, Some(extra)) = self {
            extra.remove(&*name);
        }
        // Most requests have no such header: looking for it costs less than removing it, or a copy of a shared head.
        if self.head().headers.contains_key(&*name) {
            let head = match self {
                Self::Owned(head) => head,
                Self::Shared(head, _) => Rc::make_mut(head),
            };
            head.headers.remove(&*name);
        }
    }
}

/// The name of a header. Those that each request sets or removes are not parsed each time.
fn header_name(name: &str) -> Option<Cow<'static, HeaderName>> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
    match name {
        "traceparent" => Some(Cow::Borrowed(&TRACEPARENT)),
        "tracestate" => Some(Cow::Borrowed(&TRACESTATE)),
        _ => name.parse().ok().map(Cow::Owned),
    }
}

/// The headers of a response.
pub(super) struct ResponseHeaders<'a>(pub(super) &'a HeaderMap);

impl HeaderLookup for ResponseHeaders<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(HeaderValue::as_bytes)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0 {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}
