//! The text of the application's values, under the name that it has in `otel_core::formatted`.

use std::fmt::Display;

use crate::hooks;

/// The value, as `{}` shows it, also if its formatting fails. Empty if the program has no runtime.
#[must_use]
pub fn displayed(value: &(impl Display + ?Sized)) -> String {
    hooks::get().map_or_else(String::new, |hooks| (hooks.displayed)(&value))
}
