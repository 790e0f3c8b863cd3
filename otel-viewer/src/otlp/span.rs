//! The parts of a span that lists show.

use std::borrow::Cow;

use super::request::{integer, key_and_value, string};
use super::to_json::text;
use super::wire::{Fields, Malformed};

/// The id of a trace.
pub(crate) type TraceId = [u8; 16];
/// The id of a span.
pub(crate) type SpanId = [u8; 8];

/// `STATUS_CODE_ERROR`
const ERROR: u64 = 2;

/// The parts of a span that lists show. The others are read from its message when its trace is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpanHead {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// `None` for a root.
    pub(crate) parent: Option<SpanId>,
    pub(crate) name: TextRange,
    /// `SpanKind` by number.
    pub(crate) kind: u8,
    /// Nanoseconds since 1970.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// `true` if the status of the span is an error.
    pub(crate) is_error: bool,
    pub(crate) method: TextRange,
    pub(crate) path: TextRange,
    pub(crate) route: TextRange,
    /// The status code of the HTTP response.
    pub(crate) status: Option<u16>,
}

/// The place of a text in the message of its span, which the viewer keeps anyway. Thousands of spans arrive in a second,
/// and a copy of each text would cost more than everything else that is done with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TextRange {
    start: u32,
    end: u32,
}

impl SpanHead {
    /// Reads a `Span` message. Ids of a wrong length are malformed.
    pub(crate) fn read(span: &[u8]) -> Result<Self, Malformed> {
        let mut head = Self::default();
        for field in Fields::of(span) {
            let (number, wire) = field?;
            match number {
                1 => head.trace_id = id(wire.bytes())?,
                2 => head.span_id = id(wire.bytes())?,
                4 if !wire.bytes().is_empty() => head.parent = Some(id(wire.bytes())?).filter(|id| *id != [0; 8]),
                5 => head.name = TextRange::of(wire.bytes(), span),
                6 => head.kind = u8::try_from(wire.number()).unwrap_or_default(),
                7 => head.start = wire.number(),
                8 => head.end = wire.number(),
                9 => head.read_attribute(wire.bytes(), span),
                15 => {
                    head.is_error = Fields::of(wire.bytes())
                        .filter_map(Result::ok)
                        .any(|(number, code)| number == 3 && code.number() == ERROR);
                }
                _ => {}
            }
        }
        if head.trace_id == [0; 16] || head.span_id == [0; 8] {
            return Err(Malformed);
        }
        Ok(head)
    }

    /// Reads an attribute of the current conventions or of the older ones
    /// ([list](https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/)).
    fn read_attribute(&mut self, attribute: &[u8], span: &[u8]) {
        let (key, value) = key_and_value(attribute);
        match key {
            b"http.request.method" | b"http.method" => self.method = TextRange::of(string(value), span),
            b"url.path" | b"http.target" => self.path = TextRange::of(string(value), span),
            b"http.route" => self.route = TextRange::of(string(value), span),
            b"http.response.status_code" | b"http.status_code" => {
                self.status = integer(value).and_then(|status| u16::try_from(status).ok());
            }
            _ => {}
        }
    }

    /// Nanoseconds between start and end.
    pub(crate) fn duration(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }
}

impl TextRange {
    /// The place of `text`, which is a part of `span`. A message of more than 4 GiB has no places.
    fn of(text: &[u8], span: &[u8]) -> Self {
        let start = text.as_ptr().addr().wrapping_sub(span.as_ptr().addr());
        match (u32::try_from(start), u32::try_from(start.saturating_add(text.len()))) {
            (Ok(start), Ok(end)) => Self { start, end },
            _ => Self::default(),
        }
    }

    /// The text in the message of its span, `None` if the span has none. Bytes that are not UTF-8 are replaced.
    pub(crate) fn read(self, span: &[u8]) -> Option<Cow<'_, str>> {
        let bytes = span.get(self.start as usize..self.end as usize)?;
        (!bytes.is_empty()).then(|| text(bytes))
    }
}

/// An id, which is malformed if it has another length.
pub(super) fn id<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Malformed> {
    bytes.try_into().map_err(|_| Malformed)
}
