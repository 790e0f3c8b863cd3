//! The trace that a log record belongs to.

use super::span::{TraceId, id};
use super::wire::{Fields, Malformed};

/// Reads the trace id of a `LogRecord` message. Returns `None` if the record belongs to no trace.
pub(crate) fn trace_of_log(record: &[u8]) -> Result<Option<TraceId>, Malformed> {
    let mut trace_id = None;
    for field in Fields::of(record) {
        if let (9, wire) = field?
            && !wire.bytes().is_empty()
        {
            trace_id = Some(id(wire.bytes())?);
        }
    }
    Ok(trace_id.filter(|id| *id != [0; 16]))
}
