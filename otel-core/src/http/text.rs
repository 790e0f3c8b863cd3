//! Header bytes as text.

use std::borrow::Cow;

/// The bytes of a header as text. Headers may hold any byte
/// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-5.5)); attributes are UTF-8.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    // Nearly all headers are UTF-8, and `from_utf8` is the faster check.
    str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}
