//! The text of a query without its bind values.

use std::fmt::{self, Display, Write};

/// The text that `diesel` writes between a query and its bind values.
const BINDS: &str = " -- binds: ";

/// The text of a query up to its bind values, which are not even formatted.
pub(super) fn without_binds(query: &(impl Display + ?Sized)) -> String {
    let mut text = QueryText(String::new());
    // The error is that of `QueryText`, or that of a query which cannot be sent.
    let _ = write!(text, "{query}");
    text.0
}

struct QueryText(String);

impl Write for QueryText {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.push_str(part);
        match self.0.find(BINDS) {
            None => Ok(()),
            Some(end) => {
                self.0.truncate(end);
                Err(fmt::Error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Query(&'static str);

    struct Secret;

    impl fmt::Debug for Secret {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            unreachable!("bind values are not formatted")
        }
    }

    impl Display for Query {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{} -- binds: {:?}", self.0, [Secret])
        }
    }

    #[test]
    fn bind_values_are_not_formatted() {
        assert_eq!(without_binds(&Query("SELECT 1")), "SELECT 1");
        // A comment of the application's own ends the text too early, and never too late.
        assert_eq!(without_binds(&Query("SELECT 1 -- binds: x")), "SELECT 1");
        assert_eq!(without_binds("SELECT 1 -- bind"), "SELECT 1 -- bind");
    }
}
