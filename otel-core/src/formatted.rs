//! The text of the application's values. Their `Display` and `Debug` are code of the application, which may return an
//! error or panic; [`ToString::to_string`] turns an error into a panic. A function has to return the same value with
//! and without telemetry, so such a value has the text "not available: …" instead.
//!
//! With `panic = "abort"` in the profile, a `Display` or `Debug` that panics ends the process: such a panic cannot be
//! [caught](crate::panics). An error has the text in any profile.

use std::fmt::{Arguments, Debug, Display, Write as _};

use crate::panics::caught;

/// The value, as `{}` shows it.
///
/// ```
/// use std::fmt;
///
/// struct Broken;
///
/// impl fmt::Display for Broken {
///     fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
///         Err(fmt::Error)
///     }
/// }
///
/// assert_eq!(otel_core::formatted::displayed(&42), "42");
/// assert_eq!(otel_core::formatted::displayed(&Broken), "not available: `Display` returned an error");
/// ```
pub fn displayed(value: &(impl Display + ?Sized)) -> String {
    text(format_args!("{value}"), "Display")
}

/// The value, as `{:?}` shows it.
pub fn debugged(value: &(impl Debug + ?Sized)) -> String {
    text(format_args!("{value:?}"), "Debug")
}

/// Not generic, because every instrumented function that returns an error ends up here.
fn text(value: Arguments<'_>, by: &str) -> String {
    let mut text = String::new();
    match caught(|| text.write_fmt(value)) {
        Some(Ok(())) => text,
        Some(Err(_)) => format!("not available: `{by}` returned an error"),
        None => format!("not available: `{by}` panicked"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "what is tested")]

    use std::fmt::{self, Formatter};

    use super::*;

    struct Value(fn(&mut Formatter<'_>) -> fmt::Result);

    impl Display for Value {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    impl Debug for Value {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            (self.0)(f)
        }
    }

    /// Thrown as a panic, it panics again when the payload is dropped.
    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("the payload, too");
        }
    }

    #[test]
    fn what_fails_to_print_itself_has_a_text_that_says_so() {
        let returned = "returned an error";
        for (value, fault) in [
            (Value(|f| f.write_str("whole")), None),
            (Value(|_| Err(fmt::Error)), Some(returned)),
            (Value(|f| f.write_str("half").and(Err(fmt::Error))), Some(returned)),
            (Value(|f| f.write_str("half").map(|()| panic!("on purpose"))), Some("panicked")),
            (Value(|_| std::panic::panic_any(Bomb)), Some("panicked")),
        ] {
            let expected =
                |by| fault.map_or_else(|| "whole".to_owned(), |fault| format!("not available: `{by}` {fault}"));
            assert_eq!(displayed(&value), expected("Display"));
            assert_eq!(debugged(&value), expected("Debug"));
        }
    }
}
