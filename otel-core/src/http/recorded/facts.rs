//! What is kept of a request, but for its texts and headers.

use std::net::SocketAddr;

use super::super::error_type::ErrorType;
use super::super::request::HttpVersion;
use super::super::settings::HttpSettings;
use super::text::Place;

/// Numbers, and pointers to what is part of the program or of its settings. Copied as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ServerFacts {
    /// `None`: there is no request.
    pub(super) settings: Option<&'static HttpSettings>,
    /// `None`: one that is not known. Its name is among the texts.
    pub(super) method: Option<&'static str>,
    pub(super) scheme: &'static str,
    pub(super) version: HttpVersion,
    pub(super) peer: Option<SocketAddr>,
    pub(super) local: Option<SocketAddr>,
    /// Where the texts of this request begin.
    pub(super) base: u32,
    pub(super) other_method: Place,
    pub(super) path: Place,
    pub(super) query: Place,
    pub(super) authority: Place,
    pub(super) user_agent: Place,
    pub(super) route: Place,
    /// `None`: there was no answer.
    pub(super) status: Option<u16>,
    /// How many of the application's attributes were set before there was one.
    pub(super) attributes_before: usize,
    pub(super) error_type: Option<ErrorType>,
    /// In bytes.
    pub(super) request_body: Option<u64>,
    pub(super) response_body: Option<u64>,
}

impl ServerFacts {
    pub(super) const NONE: Self = Self {
        settings: None,
        method: None,
        scheme: "",
        version: HttpVersion::Http11,
        peer: None,
        local: None,
        base: 0,
        other_method: Place::NONE,
        path: Place::NONE,
        query: Place::NONE,
        authority: Place::NONE,
        user_agent: Place::NONE,
        route: Place::NONE,
        status: None,
        attributes_before: 0,
        error_type: None,
        request_body: None,
        response_body: None,
    };
}
