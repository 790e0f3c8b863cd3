//! Calls inside bodies, found as tokens: bodies are not parsed, and macro arguments cannot be.

mod carry;
mod path;
mod servers;

pub(crate) use carry::carry_into_tasks;
pub(crate) use servers::{contains_server, instrument_servers};
