//! The parts of a span that lists show.

use super::request::{attributes, integer, string};
use super::to_json::text;
use super::wire::{Fields, Malformed};

/// The id of a trace.
pub(crate) type TraceId = [u8; 16];
/// The id of a span.
pub(crate) type SpanId = [u8; 8];

/// `STATUS_CODE_ERROR`
const ERROR: u64 = 2;

/// The parts of a span that lists show. The others are read from its bytes when its trace is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SpanHead {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// `None` for a root.
    pub(crate) parent: Option<SpanId>,
    pub(crate) name: Box<str>,
    /// `SpanKind` by number.
    pub(crate) kind: u8,
    /// Nanoseconds since 1970.
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// `true` if the status of the span is an error.
    pub(crate) is_error: bool,
    pub(crate) method: Option<Box<str>>,
    pub(crate) path: Option<Box<str>>,
    pub(crate) route: Option<Box<str>>,
    /// The status code of the HTTP response.
    pub(crate) status: Option<u16>,
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
                5 => head.name = text(wire.bytes()).into(),
                6 => head.kind = u8::try_from(wire.number()).unwrap_or_default(),
                7 => head.start = wire.number(),
                8 => head.end = wire.number(),
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
        head.read_attributes(span);
        Ok(head)
    }

    /// Reads the attributes of the current conventions and of the older ones
    /// ([list](https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/)).
    fn read_attributes(&mut self, span: &[u8]) {
        for (key, value) in attributes(span, 9) {
            match key {
                b"http.request.method" | b"http.method" => self.method = Some(string(value).into()),
                b"url.path" | b"http.target" => self.path = Some(string(value).into()),
                b"http.route" => self.route = Some(string(value).into()),
                b"http.response.status_code" | b"http.status_code" => {
                    self.status = integer(value).and_then(|status| u16::try_from(status).ok());
                }
                _ => {}
            }
        }
    }

    /// Nanoseconds between start and end.
    pub(crate) fn duration(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    /// The texts on the heap.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let texts = [Some(&self.name), self.method.as_ref(), self.path.as_ref(), self.route.as_ref()];
        texts.into_iter().flatten().map(|text| &**text).filter(|text| !text.is_empty())
    }
}

/// An id, which is malformed if it has another length.
pub(super) fn id<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Malformed> {
    bytes.try_into().map_err(|_| Malformed)
}
