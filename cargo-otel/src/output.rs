//! Lines for a terminal, in cargo's style.

use std::env;
use std::fmt;
use std::io::{self, IsTerminal as _, Write as _};

/// Prints progress: a verb, right-aligned as cargo's, and the rest.
pub(crate) fn status(verb: &str, rest: fmt::Arguments<'_>) {
    line(format_args!("{}{verb:>12}{} {rest}", style("\x1b[1;32m"), style("\x1b[0m")));
}

/// Prints a warning with its remedy.
pub(crate) fn warning(text: fmt::Arguments<'_>) {
    line(format_args!("{}warning{}: cargo-otel: {text}", style("\x1b[1;33m"), style("\x1b[0m")));
}

/// Prints the reason why the command failed.
pub(crate) fn error(text: fmt::Arguments<'_>) {
    line(format_args!("{}error{}: cargo-otel: {text}", style("\x1b[1;31m"), style("\x1b[0m")));
}

/// Writes a line. Unlike `eprintln!`, it does not panic if the reader has gone.
fn line(text: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn style(code: &'static str) -> &'static str {
    let colored = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none();
    if colored { code } else { "" }
}
