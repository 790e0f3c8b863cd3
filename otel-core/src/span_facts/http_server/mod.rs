//! The facts of a request that a server handles: its bytes, copied once.

mod facts;
mod record;
mod view;

pub(super) use facts::{HttpServerFacts, RareHttpServerFacts};
pub(crate) use record::HttpServerRecord;
pub(super) use view::HttpServerView;
