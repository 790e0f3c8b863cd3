//! The SERVER span as the recorder keeps it: the request's bytes, copied once, instead of attributes. What the conventions
//! make of them is worked out on the worker's thread, by the same code as anywhere else.

mod facts;
mod record;
#[cfg(all(test, feature = "_otlp"))]
mod tests;
mod text;
mod view;

pub(crate) use facts::ServerFacts;
pub(crate) use record::{ServerRecord, ServerRest};
pub(crate) use text::Texts;
pub(crate) use view::ServerView;
