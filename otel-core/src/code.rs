//! The place of a function in the source: the `code.*` attributes.

use opentelemetry::KeyValue;

use crate::attribute::AttributeSink;

/// A function's place in the source, known at compile time.
///
/// Recorded as `code.function.name`, `code.file.path` and `code.line.number`
/// ([registry](https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/)).
///
/// ```
/// use otel_core::code::CodeLocation;
///
/// const HERE: CodeLocation = CodeLocation::new(concat!(module_path!(), "::index"), file!(), line!());
/// assert!(HERE.attributes().iter().any(|kv| kv.key.as_str() == "code.function.name"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeLocation {
    /// Fully qualified name, `module::path::function`.
    pub function: &'static str,
    /// Path of the source file, as `file!()` gives it.
    pub file: &'static str,
    /// Line of the function's name, starting at 1.
    pub line: u32,
}

impl CodeLocation {
    /// A location from `concat!(module_path!(), "::name")`, `file!()` and `line!()`.
    #[must_use]
    pub const fn new(function: &'static str, file: &'static str, line: u32) -> Self {
        Self { function, file, line }
    }

    /// Visits the three `code.*` attributes.
    pub(crate) fn visit_attributes(&self, sink: &mut impl AttributeSink) {
        sink.literal("code.function.name", self.function);
        sink.literal("code.file.path", self.file);
        sink.integer("code.line.number", i64::from(self.line));
    }

    /// The three `code.*` attributes.
    #[must_use]
    pub fn attributes(&self) -> [KeyValue; 3] {
        [
            KeyValue::new("code.function.name", self.function),
            KeyValue::new("code.file.path", self.file),
            KeyValue::new("code.line.number", i64::from(self.line)),
        ]
    }
}
