//! The recorded form of a query's text.

use std::cell::RefCell;
use std::hash::BuildHasher as _;
use std::rc::Rc;

use foldhash::fast::FixedState;

use super::dialect::Dialect;
use super::{lexer, sanitize, summary};
use crate::direct_mapped::DirectMapped;

/// The longest text that is read, in bytes; the rest is not recorded.
const LONGEST: usize = 32 * 1024;

/// Stands for the rest of a text that is not read.
const CUT: &str = " ...";

/// The longest text that a thread remembers, in bytes.
const LONGEST_KEPT: usize = 4096;

/// The number of statements that a thread remembers. Applications with bind values have few.
const KEPT: usize = 256;

/// The recorded form of a query: its text without literals, and its summary.
///
/// ```
/// use otel_core::database::Statement;
///
/// let statement = Statement::of("SELECT * FROM users WHERE name = 'Ada' AND id IN (1, 2)", "postgresql")
///     .ok_or("unreadable")?;
/// assert_eq!(statement.text(), "SELECT * FROM users WHERE name = ? AND id IN (?)");
/// assert_eq!(statement.summary(), "SELECT users");
///
/// // The end of a literal is missing or uncertain: nothing from there on is recorded.
/// let statement = Statement::of("SELECT name, 'secret", "postgresql").ok_or("unreadable")?;
/// assert_eq!(statement.text(), "SELECT name, ...");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    text: Box<str>,
    summary: Box<str>,
}

impl Statement {
    /// Reads a query. `system` is the name of the database by the conventions, which decides how its quotation marks are
    /// read. The recorded text ends with `...` where the rest cannot be read safely: it has no end, or its meaning depends on
    /// the database or on a setting. `None` if nothing is left.
    #[must_use]
    pub fn of(sql: &str, system: &str) -> Option<Self> {
        // Some databases end the text, or a comment, at a zero byte.
        let end = sql.find('\0').unwrap_or(sql.len());
        let cut = boundary(sql.get(..end)?, LONGEST);
        let dialect = Dialect::of(system);
        let (tokens, is_read) = lexer::tokens(sql.get(..cut)?, dialect);
        let is_whole = is_read && cut == sql.len();
        if tokens.is_empty() && !is_whole {
            return None;
        }
        let mut text = sanitize::sanitized(&tokens, dialect);
        if !is_whole {
            text.push_str(CUT);
        }
        Some(Self { text: text.into(), summary: summary::summary(&tokens).into() })
    }

    /// `db.query.text`: the query with literals replaced by `?`.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `db.query.summary`: operations and their targets, such as `SELECT users`.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The same as [`of`](Self::of), remembered for each thread: applications send the same few texts over and over.
    pub(crate) fn remembered(sql: &str, system: &'static str) -> Option<Rc<Self>> {
        thread_local! {
            static STATEMENTS: RefCell<Option<Box<Cache>>> = const { RefCell::new(None) };
        }
        if sql.len() > LONGEST_KEPT {
            return Self::of(sql, system).map(Rc::new);
        }
        #[allow(clippy::cast_possible_truncation, reason = "any bits of a hash are as good as others")]
        let hash = FixedState::with_seed(0).hash_one(sql) as usize;
        let look_up = |statements: &RefCell<Option<Box<Cache>>>| {
            let mut statements = statements.borrow_mut();
            match statements.get_or_insert_default().entry(hash) {
                Some((known, statement)) if *known.sql == *sql && known.system == system => statement.clone(),
                entry => {
                    let statement = Self::of(sql, system).map(Rc::new);
                    *entry = Some((CachedQuery { sql: sql.into(), system }, statement.clone()));
                    statement
                }
            }
        };
        // Refused only while the thread ends.
        STATEMENTS.try_with(look_up).unwrap_or_else(|_| Self::of(sql, system).map(Rc::new))
    }
}

/// The end of the last character that ends at or before `limit`. (`str::floor_char_boundary` needs Rust 1.91.)
fn boundary(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    (0..=limit).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The statements of the queries that a thread has read before; `None` for texts that cannot be read.
type Cache = DirectMapped<CachedQuery, Option<Rc<Statement>>, KEPT>;

/// A query that a thread has read before.
#[derive(Debug)]
struct CachedQuery {
    sql: Box<str>,
    system: &'static str,
}

#[cfg(test)]
mod generated;
#[cfg(test)]
mod tests;
