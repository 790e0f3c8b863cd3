//! Colours and width of the output.

use std::{
    env, fmt,
    io::{self, IsTerminal as _},
};

/// The style of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// `true` for ANSI colours.
    pub colour: bool,
    /// Columns of the terminal; `None`: nothing is cut.
    pub width: Option<usize>,
}

impl Style {
    /// No colours, no limit: for files, pipes and `grep`.
    pub const PLAIN: Self = Self { colour: false, width: None };

    /// The style for standard output; [`NO_COLOR`](https://no-color.org) is respected.
    #[must_use]
    pub fn for_stdout() -> Self {
        if !io::stdout().is_terminal() {
            return Self::PLAIN;
        }
        let no_colour = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        Self { colour: !no_colour && !dumb, width: Some(columns().clamp(60, 220)) }
    }

    pub(super) fn good(self, text: impl fmt::Display) -> String {
        self.paint("32", text)
    }

    pub(super) fn bad(self, text: impl fmt::Display) -> String {
        self.paint("1;31", text)
    }

    pub(super) fn bold(self, text: impl fmt::Display) -> String {
        self.paint("1", text)
    }

    pub(super) fn faint(self, text: impl fmt::Display) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: impl fmt::Display) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_string() }
    }
}

#[cfg(unix)]
fn columns() -> usize {
    rustix::termios::tcgetwinsize(io::stdout()).map_or(0, |size| usize::from(size.ws_col)).max(80)
}

#[cfg(not(unix))]
fn columns() -> usize {
    100
}
