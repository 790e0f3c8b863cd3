//! `db.query.summary`: the operations and their targets, in the order of the text. It is the name of the span.
//!
//! Source: [summary of the query](https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query).

use super::lexer::{Token, TokenKind};

/// The longest summary, in bytes
/// ([limit](https://opentelemetry.io/docs/specs/semconv/database/database-spans/#generating-a-summary-of-the-query)).
const LONGEST: usize = 255;

/// The kinds of objects that `CREATE`, `ALTER` and `DROP` are about.
const OBJECTS: [&str; 8] = ["TABLE", "INDEX", "VIEW", "TRIGGER", "SEQUENCE", "SCHEMA", "DATABASE", "TYPE"];

/// Keywords that end the list of tables after `FROM`.
const AFTER_TABLES: [&str; 12] =
    ["WHERE", "GROUP", "ORDER", "HAVING", "LIMIT", "UNION", "EXCEPT", "INTERSECT", "ON", "USING", "SET", "RETURNING"];

/// The summary of a statement. Empty if no operation is found.
pub(super) fn summary(tokens: &[Token<'_>]) -> String {
    let mut reader =
        SummaryReader { tokens, summary: String::new(), statement: StatementScope::default(), nested: Vec::new() };
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
    /// `true` within the list of tables after `FROM`.
    is_in_tables: bool,
}

#[derive(Debug)]
struct SummaryReader<'a> {
    tokens: &'a [Token<'a>],
    summary: String,
    /// The scope outside of all parentheses.
    statement: StatementScope,
    nested: Vec<StatementScope>,
}

impl SummaryReader<'_> {
    /// Reads the token at `index`, and returns the position of the next one. `None` if the summary is full.
    fn read(&mut self, index: usize) -> Option<usize> {
        let token = self.tokens.get(index)?;
        let before = index.checked_sub(1).and_then(|index| self.tokens.get(index));
        let next = index + 1;
        if token.is_symbol("(") {
            self.nested.push(StatementScope::default());
        } else if token.is_symbol(")") {
            self.nested.pop();
        } else if token.is_symbol(",") && self.scope().is_in_tables {
            // The list may have ended at a keyword that is not known, and this be a literal.
            let is_ambiguous = self.tokens.get(next).is_some_and(|next| next.kind == TokenKind::DoubleQuoted);
            return if is_ambiguous { Some(next) } else { self.target(next) };
        } else if token.kind == TokenKind::Word {
            let begins =
                before.is_none_or(|before| before.is_symbol(";") || before.is("EXPLAIN") || before.is("ANALYZE"));
            let begins_below = before.is_some_and(|before| before.is_symbol("(") || before.is_symbol(")"));
            return self.word(index, begins, begins_below);
        }
        Some(next)
    }

    fn word(&mut self, index: usize, begins: bool, begins_below: bool) -> Option<usize> {
        let token = self.tokens.get(index)?;
        let next = index + 1;
        let is_any = |keywords: &[&str]| keywords.iter().any(|keyword| token.is(keyword));
        if token.is("SELECT") {
            self.scope().reads = true;
            self.push(token.text)?;
        } else if is_any(&["INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"]) && (begins || begins_below) {
            // Elsewhere these words belong to `FOR UPDATE`, `DO UPDATE`, `ON DELETE`, or are functions.
            if begins_below && self.tokens.get(next).is_some_and(|next| next.is_symbol("(")) {
                return Some(next);
            }
            self.scope().reads = true;
            self.push(token.text)?;
            if token.is("UPDATE") {
                return self.target(next);
            }
        } else if is_any(&["CREATE", "ALTER", "DROP", "TRUNCATE"]) && begins {
            self.push(token.text)?;
            return self.object(next);
        } else if token.is("WITH") && begins {
            // The operation stands behind the common table expressions.
        } else if begins {
            self.push(token.text)?;
        } else if token.is("FROM") && self.scope().reads {
            let is_comparison = index > 0 && self.tokens.get(index - 1).is_some_and(|before| before.is("DISTINCT"));
            if !is_comparison {
                self.scope().is_in_tables = true;
                return self.target(next);
            }
        } else if is_any(&["JOIN", "INTO"]) && self.scope().reads {
            return self.target(next);
        } else if is_any(&AFTER_TABLES) {
            self.scope().is_in_tables = false;
        }
        Some(next)
    }

    /// The kind of an object, and its name.
    fn object(&mut self, mut index: usize) -> Option<usize> {
        // `OR REPLACE`, `UNIQUE`, `TEMPORARY` and the like stand between.
        let limit = index + 3;
        while let Some(token) = self.tokens.get(index).filter(|_| index <= limit) {
            if OBJECTS.iter().any(|object| token.is(object)) {
                self.push(token.text)?;
                return self.target(index + 1);
            }
            if token.kind != TokenKind::Word {
                break;
            }
            index += 1;
        }
        Some(index)
    }

    /// A name with its qualifiers, if one stands here.
    fn target(&mut self, mut index: usize) -> Option<usize> {
        while self.tokens.get(index).is_some_and(|token| {
            ["IF", "NOT", "EXISTS", "ONLY", "LATERAL", "OR", "ROLLBACK", "ABORT", "FAIL", "IGNORE"]
                .iter()
                .any(|word| token.is(word))
        }) {
            index += 1;
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
            name.push('.');
            index += 1;
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
