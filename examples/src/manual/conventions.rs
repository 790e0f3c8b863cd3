//! The configured generation of the conventions.

use std::{env, sync::LazyLock};

/// The conventions that `OTEL_SEMCONV_STABILITY_OPT_IN` selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conventions {
    /// The stable conventions.
    pub(super) stable: bool,
    /// The older conventions.
    pub(super) old: bool,
}

impl Conventions {
    /// The conventions that the environment selects; read once.
    pub(super) fn selected() -> Self {
        static SELECTED: LazyLock<Conventions> =
            LazyLock::new(|| Conventions::parse(&env::var("OTEL_SEMCONV_STABILITY_OPT_IN").unwrap_or_default()));
        *SELECTED
    }

    /// A comma-separated list; `http/dup` wins, as the migration guide requires.
    fn parse(list: &str) -> Self {
        let lists = |category| list.split(',').any(|entry| entry.trim() == category);
        if lists("http/dup") {
            Self { stable: true, old: true }
        } else if lists("http/old") && !lists("http") {
            Self { stable: false, old: true }
        } else {
            Self { stable: true, old: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Conventions;

    #[test]
    fn parses_the_list() {
        let stable = Conventions { stable: true, old: false };
        let old = Conventions { stable: false, old: true };
        let both = Conventions { stable: true, old: true };
        for (list, expected) in
            [("", stable), ("http", stable), ("http/old", old), ("database, http/dup", both), ("http,http/dup", both)]
        {
            assert_eq!(Conventions::parse(list), expected, "{list}");
        }
    }
}
