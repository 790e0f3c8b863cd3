//! What is kept of every request, but for its texts.

use std::net::SocketAddr;

use super::super::request::HttpVersion;
use super::super::settings::HttpSettings;
use super::text::{Base, Place};

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
    /// Where the texts of this request begin.
    pub(super) base: Base,
    pub(super) other_method: Place,
    pub(super) path: Place,
    pub(super) query: Place,
    pub(super) authority: Place,
    pub(super) user_agent: Place,
    pub(super) route: Place,
    /// `None`: there was no answer.
    pub(super) status: Option<u16>,
    /// How many of the application's attributes were set before there was one.
    pub(super) attributes_before: u32,
}

impl ServerFacts {
    pub(super) const NONE: Self = Self {
        settings: None,
        method: None,
        scheme: "",
        version: HttpVersion::Http11,
        peer: None,
        base: Base { text: 0, bytes: 0 },
        other_method: Place::NONE,
        path: Place::NONE,
        query: Place::NONE,
        authority: Place::NONE,
        user_agent: Place::NONE,
        route: Place::NONE,
        status: None,
        attributes_before: 0,
    };
}
