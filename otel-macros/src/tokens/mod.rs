//! Calls inside bodies, found as tokens: bodies are not parsed, and macro arguments cannot be.

mod arguments;
mod carry;
mod groups;
mod path;
mod servers;
mod spawned;

pub(crate) use carry::carry_into_tasks;
pub(crate) use servers::{contains_server, instrument_servers};
