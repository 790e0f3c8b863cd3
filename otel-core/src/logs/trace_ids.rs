//! The ids of trace and span on printed logs.

use std::fmt::Write as _;
use std::io::{self, Write};

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt as _};
use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

/// A writer that adds the ids of the current span to each line of logs, as `trace_id` and `span_id`
/// ([specification](https://opentelemetry.io/docs/specs/otel/compatibility/logging_trace_context/)): at the end of a
/// line of text, within an object of JSON. A line that is logged outside of any span stays as it is.
///
/// For the layer that prints, in any format:
///
/// ```
/// use otel_core::logs::{self, TraceIds};
/// use tracing_subscriber::{fmt, layer::SubscriberExt as _};
///
/// let subscriber = tracing_subscriber::registry()
///     .with(fmt::layer().map_writer(TraceIds::new)) // … INFO shop: sold item=7 trace_id=4bf9… span_id=00f0…
///     .with(logs::layer()); // exports what is printed
/// // .init()
/// # drop(subscriber);
/// ```
///
/// And for any logger that prints a record with one call of [`Write::write_all`], as `env_logger` does to a
/// `Target::Pipe(Box::new(TraceIds::new(std::io::stderr())))`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TraceIds<W> {
    inner: W,
}

impl<W> TraceIds<W> {
    /// Wraps a [`MakeWriter`] (`std::io::stderr`, say), or a [`Write`].
    pub const fn new(inner: W) -> Self {
        Self { inner }
    }
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for TraceIds<W> {
    type Writer = TraceIds<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        TraceIds::new(self.inner.make_writer())
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        TraceIds::new(self.inner.make_writer_for(metadata))
    }
}

/// Each call is taken for a whole line, or for several lines of one event.
impl<W: Write> Write for TraceIds<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let span = Context::map_current(|context| context.span().span_context().clone());
        if span.is_valid() {
            self.inner.write_all(&with_ids(line, &span))?;
        } else {
            self.inner.write_all(line)?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

fn with_ids(line: &[u8], span: &SpanContext) -> Vec<u8> {
    let (trace_id, span_id) = (span.trace_id(), span.span_id());
    let text = line.trim_ascii_end();
    let end = line.get(text.len()..).unwrap_or_default();
    let mut ids = String::with_capacity(96);
    let (before, after) = match text {
        // An object, empty or not.
        [b'{', b'"', .., b'}'] | b"{}" => {
            let separator = if text.len() == 2 { "" } else { "," };
            let _ = write!(ids, r#""trace_id":"{trace_id}","span_id":"{span_id}"{separator}"#);
            text.split_at(1)
        }
        text => {
            let _ = write!(ids, " trace_id={trace_id} span_id={span_id}");
            text.split_at(text.len())
        }
    };
    [before, ids.as_bytes(), after, end].concat()
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanId, TraceFlags, TraceId, TraceState};

    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    /// Prints a line in a span.
    fn printed(line: &str) -> String {
        let ids = (TraceId::from_hex(TRACE).unwrap_or(TraceId::INVALID), SpanId::from(0x00f0_67aa_0ba9_02b7));
        let span = SpanContext::new(ids.0, ids.1, TraceFlags::default(), false, TraceState::NONE);
        let _current = Context::new().with_remote_span_context(span).attach();
        let mut writer = TraceIds::new(Vec::new());
        assert!(writer.write_all(line.as_bytes()).is_ok());
        String::from_utf8(writer.inner).unwrap_or_default()
    }

    #[test]
    fn ids_stand_at_the_end_of_the_text() {
        let ids = format!(" trace_id={TRACE} span_id={SPAN}");
        assert_eq!(printed("INFO shop: sold item=7\n"), format!("INFO shop: sold item=7{ids}\n"));
        assert_eq!(printed("no end"), format!("no end{ids}"));
        assert_eq!(printed("  sold\n    at src/shop.rs:7\r\n\n"), format!("  sold\n    at src/shop.rs:7{ids}\r\n\n"));
        assert_eq!(printed("sold {item}\n"), format!("sold {{item}}{ids}\n"));
        assert_eq!(printed("{item} sold {item}\n"), format!("{{item}} sold {{item}}{ids}\n"));
        assert_eq!(printed("{item}\n"), format!("{{item}}{ids}\n"));
        assert_eq!(printed("\n"), format!("{ids}\n"));
    }

    #[test]
    fn ids_are_members_of_an_object() {
        let ids = format!(r#""trace_id":"{TRACE}","span_id":"{SPAN}""#);
        assert_eq!(printed("{\"level\":\"INFO\"}\n"), format!("{{{ids},\"level\":\"INFO\"}}\n"));
        assert_eq!(printed("{}"), format!("{{{ids}}}"));
    }

    #[test]
    fn outside_of_a_span_nothing_is_added() {
        let mut writer = TraceIds::new(Vec::new());
        assert!(writer.write_all(b"sold\n").is_ok() && writer.flush().is_ok());
        assert_eq!(writer.inner, b"sold\n");
    }

    #[test]
    fn errors_are_passed_on() {
        assert!(TraceIds::new(&mut [0; 2][..]).write_all(b"sold\n").is_err(), "no room");
    }
}
