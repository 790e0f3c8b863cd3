//! `db.query.summary`: the operations and their targets, in the order of the text. It is the name of the span.
//!
//! Source: [summary of the query](https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query).

use super::token::{Token, TokenKind};

/// The longest summary, in bytes
/// ([limit](https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query)).
const LONGEST: usize = 255;

/// The operations on rows. Elsewhere than at the beginning these words belong to `FOR UPDATE`, `DO UPDATE`, `ON DELETE`, or are
/// functions.
const ROW_OPERATIONS: [&str; 5] = ["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"];

/// The operations whose object's kind stands before its name.
const OBJECT_OPERATIONS: [&str; 8] = ["CREATE", "ALTER", "DROP", "RENAME", "LOCK", "REFRESH", "REINDEX", "OPTIMIZE"];

/// The kinds of objects.
const OBJECTS: [&str; 10] =
    ["TABLE", "INDEX", "VIEW", "TRIGGER", "SEQUENCE", "SCHEMA", "DATABASE", "TYPE", "FUNCTION", "PROCEDURE"];

/// The other operations whose name is followed by a target.
const TARGET_OPERATIONS: [&str; 6] = ["CALL", "EXEC", "EXECUTE", "COPY", "TRUNCATE", "USE"];

/// The operations that `EXPLAIN` explains.
const EXPLAINED: [&str; 9] = ["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "WITH", "CREATE", "EXECUTE"];

/// The most tokens between `EXPLAIN` and the operation.
const MOST_OPTIONS: usize = 16;

/// The words between an operation and its target.
const BEFORE_TARGET: [&str; 17] = [
    "IF",
    "NOT",
    "EXISTS",
    "ONLY",
    "LATERAL",
    "CONCURRENTLY",
    "OR",
    "REPLACE",
    "ROLLBACK",
    "ABORT",
    "FAIL",
    "IGNORE",
    "QUICK",
    "DELAYED",
    "LOW_PRIORITY",
    "HIGH_PRIORITY",
    "INTO",
];

/// Keywords that stand in the place of a target that has no name.
const NO_TARGET: [&str; 9] = ["ON", "SELECT", "VALUES", "SET", "AS", "WHERE", "USING", "FROM", "DEFAULT"];

/// Keywords that end the list of tables.
const AFTER_TABLES: [&str; 16] = [
    "WHERE",
    "GROUP",
    "ORDER",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "WINDOW",
    "UNION",
    "EXCEPT",
    "INTERSECT",
    "ON",
    "USING",
    "SET",
    "RETURNING",
];

/// The summary of a statement. Empty if no operation is found.
pub(super) fn summary(tokens: &[Token<'_>]) -> String {
    let mut reader = SummaryReader {
        tokens,
        summary: String::new(),
        is_start: true,
        statement: StatementScope::default(),
        nested: Vec::new(),
    };
    let mut index = 0;
    while index < tokens.len() {
        let Some(next) = reader.read(index) else { break };
        index = next;
    }
    reader.summary
}

/// A statement, or the part of one in parentheses.
#[derive(Clone, Copy, Debug, Default)]
struct StatementScope {
    /// `true` after an operation that reads from tables: elsewhere `FROM` belongs to a function such as `EXTRACT`.
    reads: bool,
    /// `true` after an operation that names other tables after `USING`: elsewhere columns stand there.
    has_using: bool,
    /// `true` within a list of tables.
    is_in_tables: bool,
}

#[derive(Debug)]
struct SummaryReader<'a> {
    tokens: &'a [Token<'a>],
    summary: String,
    /// `true` where an operation can only begin a statement.
    is_start: bool,
    /// The scope outside of all parentheses.
    statement: StatementScope,
    nested: Vec<StatementScope>,
}

impl SummaryReader<'_> {
    /// Reads the token at `index`, and returns the position of the next one. `None` if the summary is full.
    fn read(&mut self, index: usize) -> Option<usize> {
        let token = self.tokens.get(index)?;
        let next = index + 1;
        if token.is_symbol(";") {
            (self.is_start, self.statement) = (true, StatementScope::default());
            self.nested.clear();
        } else if token.is_symbol("(") {
            self.nested.push(StatementScope::default());
        } else if token.is_symbol(")") {
            self.nested.pop();
        } else if token.is_symbol(",") && self.scope().is_in_tables {
            // The list may have ended at a keyword that is not known, and this be a literal.
            let is_ambiguous = self.tokens.get(next).is_some_and(|next| next.kind == TokenKind::DoubleQuoted);
            return if is_ambiguous { Some(next) } else { self.target(next) };
        } else if token.kind == TokenKind::Word {
            return self.word(index);
        }
        Some(next)
    }

    fn word(&mut self, index: usize) -> Option<usize> {
        let token = self.tokens.get(index)?;
        let before = index.checked_sub(1).and_then(|index| self.tokens.get(index));
        let next = index + 1;
        let is_before_parenthesis = self.tokens.get(next).is_some_and(|next| next.is_symbol("("));
        let begins = std::mem::take(&mut self.is_start);
        let begins_below = before.is_some_and(|before| before.is_symbol("(") || before.is_symbol(")"));
        if token.is("SELECT") {
            self.scope().reads = true;
            self.push(token.text)?;
        } else if is_any(token, &ROW_OPERATIONS) && (begins || begins_below && !is_before_parenthesis) {
            self.push(token.text)?;
            return self.row_operation(token, next);
        } else if token.is("FROM") && self.scope().reads {
            if !before.is_some_and(|before| before.is("DISTINCT")) {
                return self.tables(next);
            }
        } else if token.is("USING") && self.scope().has_using && !is_before_parenthesis {
            return self.tables(next);
        } else if is_any(token, &["JOIN", "INTO"]) && self.scope().reads {
            return self.target(next);
        } else if begins {
            return self.other_operation(token, next);
        } else if is_any(token, &AFTER_TABLES) {
            self.scope().is_in_tables = false;
        }
        Some(next)
    }

    /// The part of an operation on rows behind its name.
    fn row_operation(&mut self, operation: &Token<'_>, index: usize) -> Option<usize> {
        self.scope().reads = true;
        self.scope().has_using = is_any(operation, &["DELETE", "MERGE"]);
        if operation.is("DELETE") {
            // `FROM` is next.
            Some(index)
        } else if operation.is("UPDATE") {
            self.tables(index)
        } else {
            self.target(index)
        }
    }

    /// An operation that is none on rows, at the beginning of a statement.
    fn other_operation(&mut self, operation: &Token<'_>, index: usize) -> Option<usize> {
        if operation.is("WITH") {
            // The operation stands behind the common table expressions.
            return Some(index);
        }
        self.push(operation.text)?;
        if operation.is("EXPLAIN") {
            let mut options = self.tokens.get(index..)?.iter().take(MOST_OPTIONS);
            let explained = options.position(|token| is_any(token, &EXPLAINED));
            self.is_start = explained.is_some();
            return Some(index + explained.unwrap_or(0));
        }
        if is_any(operation, &OBJECT_OPERATIONS) {
            return self.object(operation, index);
        }
        if !is_any(operation, &TARGET_OPERATIONS) {
            return Some(index);
        }
        if operation.is("TRUNCATE") {
            if self.tokens.get(index).is_some_and(|next| next.is("TABLE")) {
                return self.object(operation, index);
            }
            return self.tables(index);
        }
        self.target(index)
    }

    /// The kind of an object, and its name.
    fn object(&mut self, operation: &Token<'_>, mut index: usize) -> Option<usize> {
        // `OR REPLACE`, `UNIQUE`, `TEMPORARY` and the like stand between.
        let limit = index + 3;
        while let Some(token) = self.tokens.get(index).filter(|_| index <= limit) {
            if is_any(token, &OBJECTS) {
                self.push(token.text)?;
                self.scope().is_in_tables = is_any(operation, &["DROP", "TRUNCATE"]);
                return self.target(index + 1);
            }
            if token.kind != TokenKind::Word {
                break;
            }
            index += 1;
        }
        Some(index)
    }

    /// The first name in a list of tables.
    fn tables(&mut self, index: usize) -> Option<usize> {
        self.scope().is_in_tables = true;
        self.target(index)
    }

    /// A name with its qualifiers, if one stands here.
    fn target(&mut self, index: usize) -> Option<usize> {
        let rest = self.tokens.get(index..).unwrap_or_default();
        let mut index = index + rest.iter().take_while(|token| is_any(token, &BEFORE_TARGET)).count();
        if self.tokens.get(index).is_some_and(|token| is_any(token, &NO_TARGET)) {
            return Some(index);
        }
        let mut name = String::new();
        while let Some(token) = self.tokens.get(index) {
            let is_name = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::DoubleQuoted);
            if !is_name {
                break;
            }
            name.push_str(token.text);
            index += 1;
            if !self.tokens.get(index).is_some_and(|token| token.is_symbol(".")) {
                break;
            }
            while self.tokens.get(index).is_some_and(|token| token.is_symbol(".")) {
                name.push('.');
                index += 1;
            }
        }
        if !name.is_empty() {
            self.push(&name)?;
        }
        Some(index)
    }

    /// Adds a word. `None` if there is no room for it: names are not cut.
    fn push(&mut self, word: &str) -> Option<()> {
        let blank = usize::from(!self.summary.is_empty());
        if self.summary.len() + blank + word.len() > LONGEST {
            return None;
        }
        if blank > 0 {
            self.summary.push(' ');
        }
        self.summary.push_str(word);
        Some(())
    }

    /// The innermost scope.
    fn scope(&mut self) -> &mut StatementScope {
        self.nested.last_mut().unwrap_or(&mut self.statement)
    }
}

fn is_any(token: &Token<'_>, keywords: &[&str]) -> bool {
    keywords.iter().any(|keyword| token.is(keyword))
}
