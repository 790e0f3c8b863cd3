//! The facts of a request that a server handles: its bytes, copied once.

mod facts;
mod open_facts;
mod view;

pub(super) use facts::{HttpServerFacts, RareHttpServerFacts};
pub(crate) use open_facts::OpenServerFacts;
pub(super) use view::HttpServerView;
