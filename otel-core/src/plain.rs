//! Text of unknown origin for a terminal or a log.

use std::fmt::{self, Display, Write};

/// Displays a value without characters that a terminal obeys: control characters, which end the line, move the cursor,
/// change colours or the title, and marks that turn the direction of writing. They are escaped.
pub(crate) struct Plain<T>(pub(crate) T);

impl<T: Display> Display for Plain<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(PlainWriter(f), "{}", self.0)
    }
}

/// Writes text as [`Plain`] does.
pub(crate) struct PlainWriter<'a, W>(pub(crate) &'a mut W);

impl<W: Write> Write for PlainWriter<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            if character.is_control() || is_direction(character) {
                write!(self.0, "{}", character.escape_default())
            } else {
                self.0.write_char(character)
            }
        })
    }
}

/// Returns `true` for marks of [bidirectional writing](https://unicode.org/reports/tr9/).
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
