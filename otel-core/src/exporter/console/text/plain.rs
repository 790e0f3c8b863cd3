//! Text of unknown origin on a terminal.

use std::fmt::{self, Write as _};

/// Displays a text without characters that a terminal obeys: control characters, which move the cursor, change colours
/// or the title, and marks that turn the direction of writing.
pub(super) struct Plain<'a>(pub(super) &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character.is_control() || is_direction(character) {
                write!(f, "{}", character.escape_default())?;
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Returns `true` for marks of [bidirectional writing](https://unicode.org/reports/tr9/).
const fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
