//! Calls and assignments inside bodies, found as tokens: bodies are not parsed, and macro arguments cannot be.

mod arguments;
mod assignments;
mod callee;
mod carry;
mod groups;
mod path;
mod scope;
mod servers;
mod spawned;

pub(crate) use assignments::assigns_behind;
pub(crate) use carry::carry_into_tasks;
pub(crate) use servers::{contains_server, instrument_servers};
