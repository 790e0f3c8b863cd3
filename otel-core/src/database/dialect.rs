//! The rules by which systems read SQL.

/// The rules by which a system reads quotation marks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `"` quotes names, `$tag$` quotes literals, backslashes escape in `E'…'` and, by a setting, in all literals.
    Postgres,
    /// `"` quotes literals or, by a setting, names. Backslashes escape unless a setting forbids it. `#` begins a comment.
    Mysql,
    /// `"` quotes names, or literals where no such name is; `[…]` quotes names.
    Sqlite,
    /// `"` quotes names or, by a setting, literals; `[…]` quotes names; `$1` is an amount of money.
    SqlServer,
    /// Unknown rules.
    Other,
}

impl Dialect {
    /// The dialect of a system, by its name in the conventions.
    pub(super) fn of(system: &str) -> Self {
        match system {
            "postgresql" | "cockroachdb" | "aws.redshift" => Self::Postgres,
            "mysql" | "mariadb" => Self::Mysql,
            "sqlite" => Self::Sqlite,
            "microsoft.sql_server" => Self::SqlServer,
            _ => Self::Other,
        }
    }
}
