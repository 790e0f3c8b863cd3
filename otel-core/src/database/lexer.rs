//! SQL → tokens, as far as literals, names and words have to be kept apart.
//!
//! Databases disagree about quotation marks, backslashes and comments, and settings of a connection change their rules. The
//! lexer stops where two databases with one name, or two settings, read on in different ways: a wrong guess would take a
//! literal for a name.

use super::dialect::Dialect;
use super::token::{Token, TokenKind};

/// The tokens of `sql`, and `true` if they are all of them: the text is read up to the first quote or comment without an end,
/// or to the first place where its meaning is uncertain.
pub(super) fn tokens(sql: &str, dialect: Dialect) -> (Vec<Token<'_>>, bool) {
    let mut lexer = Lexer { sql, at: 0, dialect };
    let mut tokens = Vec::new();
    loop {
        let before = lexer.at;
        if lexer.skip_space().is_none() || lexer.is_before_other_text(&tokens) {
            return (tokens, false);
        }
        let start = lexer.at;
        if start == sql.len() {
            return (tokens, true);
        }
        let kind = lexer.token();
        let (Some(kind), Some(text)) = (kind, sql.get(start..lexer.at)) else { return (tokens, false) };
        tokens.push(Token { kind, text, is_spaced: before < start });
    }
}

/// The meaning of a backslash between quotation marks.
#[derive(Clone, Copy, Debug)]
enum Backslash {
    /// It stands for itself.
    Plain,
    /// It escapes the next character.
    Escapes,
    /// A setting decides. The two meanings differ only before a quotation mark.
    Uncertain,
}

#[derive(Debug)]
struct Lexer<'a> {
    sql: &'a str,
    at: usize,
    dialect: Dialect,
}

impl Lexer<'_> {
    fn rest(&self) -> &[u8] {
        self.sql.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.rest().get(ahead).copied().unwrap_or(0)
    }

    fn take_while(&mut self, accept: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.at += rest.iter().position(|&byte| !accept(byte)).unwrap_or(rest.len());
    }

    fn is_any(&self, dialects: &[Dialect]) -> bool {
        dialects.contains(&self.dialect)
    }

    /// Goes behind white space and comments. `None` if a comment has no certain end.
    fn skip_space(&mut self) -> Option<()> {
        loop {
            match (self.peek(0), self.peek(1)) {
                (byte, _) if byte.is_ascii_whitespace() => self.at += 1,
                (b'-', b'-') => {
                    // Without a blank behind them, `MySQL` reads two dashes as operators
                    // (https://dev.mysql.com/doc/refman/8.4/en/comments.html).
                    let has_blank = self.rest().get(2).is_none_or(u8::is_ascii_whitespace);
                    if !has_blank && self.is_any(&[Dialect::Mysql, Dialect::Other]) {
                        if self.line()?.contains(MARKS) {
                            return None;
                        }
                        if self.dialect == Dialect::Mysql {
                            return Some(());
                        }
                    }
                    self.at += self.line()?.len();
                }
                (b'#', _) if self.dialect == Dialect::Mysql => self.at += self.line()?.len(),
                (b'/', b'*') => self.skip_comment()?,
                _ => return Some(()),
            }
        }
    }

    /// The rest of the line. `None` if it has a character that ends lines in some databases only.
    fn line(&self) -> Option<&str> {
        let line = self.sql.get(self.at..)?.split('\n').next()?;
        (!line.trim_end_matches('\r').contains(LINE_ENDS)).then_some(line)
    }

    /// Goes behind a comment. `None` if it has no end, or may be code: `MySQL` and systems like it run `/*! … */`, `/*M! … */`
    /// and `/*T! … */`. Some databases nest comments, so the end of a comment within one is uncertain.
    fn skip_comment(&mut self) -> Option<()> {
        let comment = self.sql.get(self.at + 2..)?;
        let end = comment.find("*/")?;
        let is_code = comment.trim_start_matches(|start: char| start.is_ascii_alphabetic()).starts_with('!');
        let is_nested = comment.get(..=end)?.contains("/*");
        if is_nested || is_code && self.is_any(&[Dialect::Mysql, Dialect::Other]) {
            return None;
        }
        self.at += 2 + end + 2;
        Some(())
    }

    /// Returns `true` if some databases read other text than SQL from here: `ClickHouse` reads data, Oracle, Teradata and SAP
    /// HANA passwords without quotation marks.
    fn is_before_other_text(&self, tokens: &[Token<'_>]) -> bool {
        let Some(last) = tokens.last().filter(|_| self.dialect == Dialect::Other) else { return false };
        let is_about_users = || tokens.get(1).is_some_and(|object| ["USER", "ROLE"].iter().any(|user| object.is(user)));
        (last.is("FORMAT") && self.peek(0) != b'(')
            || last.is("IDENTIFIED")
            || (last.is("PASSWORD") && is_about_users())
    }

    /// Goes behind one token, and returns its kind. `None` if its end is uncertain.
    fn token(&mut self) -> Option<TokenKind> {
        use Dialect::{Mysql, Other, Postgres, SqlServer, Sqlite};
        let (byte, next) = (self.peek(0), self.peek(1));
        match byte {
            b'\'' | b'"' if self.dialect == Other && (next, self.peek(2)) == (byte, byte) => {
                // Three marks quote a literal of BigQuery.
                None
            }
            b'\'' => self.quoted(byte, self.backslash(), TokenKind::Literal),
            b'"' => match self.dialect {
                Mysql => self.quoted(byte, Backslash::Uncertain, TokenKind::Literal),
                Postgres => self.quoted(byte, Backslash::Plain, TokenKind::QuotedName),
                Sqlite | SqlServer | Other => self.quoted(byte, self.backslash(), TokenKind::DoubleQuoted),
            },
            b'`' => self.backticks(),
            b'[' if self.dialect == Sqlite => {
                self.take_while(|byte| byte != b']');
                self.at += 1;
                (self.at <= self.sql.len()).then_some(TokenKind::QuotedName)
            }
            b'[' if self.dialect == SqlServer => self.quoted(b']', Backslash::Plain, TokenKind::QuotedName),
            // Quotation marks or comments for some: brackets for `MariaDB` in the mode of SQL Server.
            b'[' if self.is_any(&[Mysql, Other]) => None,
            b'{' | b'#' if self.dialect == Other => None,
            b'/' if self.dialect == Other && next == b'/' => None,
            b'#' if self.dialect == Sqlite => None,
            b'$' if self.is_dollar_quote() => match self.dialect {
                Postgres => self.dollar_quoted(),
                // `MySQL` 9 quotes with dollars, earlier ones have names with dollars.
                Mysql | Other => None,
                Sqlite | SqlServer => self.variable(),
            },
            b'$' if next.is_ascii_digit() && self.is_any(&[SqlServer, Other]) => {
                self.at += 1;
                Some(self.number())
            }
            b'0'..=b'9' => Some(self.number()),
            b'.' if next.is_ascii_digit() => Some(self.number()),
            b'?' => {
                self.at += 1;
                if self.dialect == Sqlite {
                    self.take_while(|byte| byte.is_ascii_digit());
                }
                Some(TokenKind::Placeholder)
            }
            b'$' if next.is_ascii_digit() => {
                self.at += 1;
                self.take_while(|byte| byte.is_ascii_digit());
                Some(TokenKind::Placeholder)
            }
            b':' | b'@' | b'$' if is_word_start(next) => self.variable(),
            _ if is_word_start(byte) => self.word(),
            _ => {
                self.at += 1;
                Some(TokenKind::Symbol)
            }
        }
    }

    /// The meaning of a backslash in a literal without a prefix.
    fn backslash(&self) -> Backslash {
        if self.is_any(&[Dialect::Sqlite, Dialect::SqlServer]) { Backslash::Plain } else { Backslash::Uncertain }
    }

    /// A variable or a place for a bind value. `SQLite` takes a text in parentheses for a part of its name.
    fn variable(&mut self) -> Option<TokenKind> {
        self.at += 1;
        self.take_while(is_word);
        (self.dialect != Dialect::Sqlite || self.peek(0) != b'(').then_some(TokenKind::Placeholder)
    }

    /// A word, or a literal with a prefix such as `E'…'` and `x'…'`.
    fn word(&mut self) -> Option<TokenKind> {
        let start = self.at;
        if self.is_uuid() {
            self.at += UUID.len();
            return Some(TokenKind::Literal);
        }
        let is_other = self.is_any(&[Dialect::SqlServer, Dialect::Other]);
        if is_other && self.sql.get(start..)?.starts_with(|first: char| !first.is_ascii() && !first.is_alphabetic()) {
            // A currency sign: `€1.50`.
            return Some(self.number());
        }
        self.take_while(is_word);
        let word = self.sql.get(start..self.at)?;
        if self.peek(0) != b'\'' {
            let is_boolean = ["TRUE", "FALSE"].iter().any(|boolean| word.eq_ignore_ascii_case(boolean));
            return Some(if is_boolean { TokenKind::Literal } else { TokenKind::Word });
        }
        match word {
            "E" | "e" if self.dialect == Dialect::Postgres => {
                self.quoted(b'\'', Backslash::Escapes, TokenKind::Literal)
            }
            // Oracle's `q'[it's]'` ends at the second mark, not at the first one.
            _ if self.dialect == Dialect::Other && word.ends_with(['q', 'Q']) => None,
            _ if word.len() == 1 => self.token(),
            _ => Some(TokenKind::Word),
        }
    }

    /// Returns `true` if a UUID without quotation marks stands here, which is a literal of Cassandra.
    fn is_uuid(&self) -> bool {
        let is_like = |(&byte, &like): (&u8, &u8)| if like == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
        self.rest().len() >= UUID.len() && self.rest().iter().zip(UUID).all(is_like)
    }

    /// A number, with all letters that stand in it: `1.5e-3`, `0xff`, `10n`.
    fn number(&mut self) -> TokenKind {
        if self.is_uuid() {
            self.at += UUID.len();
            return TokenKind::Literal;
        }
        loop {
            // A dollar begins another token in some databases.
            self.take_while(|byte| byte == b'.' || is_word(byte) && byte != b'$');
            let is_exponent = self.at > 0 && matches!(self.sql.as_bytes().get(self.at - 1), Some(b'e' | b'E'));
            if !(is_exponent && matches!(self.peek(0), b'+' | b'-') && self.peek(1).is_ascii_digit()) {
                return TokenKind::Literal;
            }
            self.at += 1;
        }
    }

    /// Text up to `end`, which stands for itself where it is doubled.
    fn quoted(&mut self, end: u8, backslash: Backslash, kind: TokenKind) -> Option<TokenKind> {
        self.at += 1;
        loop {
            let next = self.peek(1);
            match self.rest().first()? {
                b'\\' => match backslash {
                    Backslash::Escapes => self.at += 2,
                    Backslash::Uncertain if next == end => return None,
                    Backslash::Uncertain | Backslash::Plain => self.at += 1,
                },
                &byte if byte == end && next == end => self.at += 2,
                &byte => {
                    self.at += 1;
                    if byte == end {
                        return Some(kind);
                    }
                }
            }
        }
    }

    /// A name in backticks, which are operators of some databases.
    fn backticks(&mut self) -> Option<TokenKind> {
        let start = self.at;
        match self.dialect {
            Dialect::Postgres | Dialect::SqlServer => return None,
            Dialect::Mysql | Dialect::Sqlite | Dialect::Other => {}
        }
        self.quoted(b'`', Backslash::Plain, TokenKind::QuotedName)?;
        let name = self.sql.get(start + 1..self.at - 1)?;
        let is_plain = !name.starts_with(|first: char| first.is_ascii_digit()) && !name.contains(MARKS);
        (self.dialect != Dialect::Other || is_plain).then_some(TokenKind::QuotedName)
    }

    /// Returns `true` at the beginning of `$$` or `$tag$`.
    fn is_dollar_quote(&self) -> bool {
        let tag = self.rest().get(1..).unwrap_or_default();
        let length = tag.iter().take_while(|&&byte| is_word(byte) && byte != b'$').count();
        tag.get(length) == Some(&b'$') && !tag.first().is_some_and(u8::is_ascii_digit)
    }

    fn dollar_quoted(&mut self) -> Option<TokenKind> {
        let start = self.at;
        self.at += 1;
        self.take_while(|byte| byte != b'$');
        self.at += 1;
        let tag = self.sql.get(start..self.at)?;
        self.at += self.sql.get(self.at..)?.find(tag)? + tag.len();
        Some(TokenKind::Literal)
    }
}

/// Characters that begin or end a quotation or a comment in some database.
const MARKS: [char; 12] = ['\'', '"', '`', '[', ']', '{', '}', '$', '#', '/', '*', '\\'];

/// Characters besides `\n` that end a line, and a comment, in some databases.
const LINE_ENDS: [char; 6] = ['\r', '\x0b', '\x0c', '\u{85}', '\u{2028}', '\u{2029}'];

/// The shape of a UUID.
const UUID: &[u8] = b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tokens of a text, `None` if it is not read to its end.
    fn read(sql: &str, dialect: Dialect) -> Option<Vec<(TokenKind, &str)>> {
        let (tokens, is_whole) = tokens(sql, dialect);
        is_whole.then(|| tokens.into_iter().map(|token| (token.kind, token.text)).collect())
    }

    #[test]
    fn literals_end_where_the_dialect_ends_them() {
        use TokenKind::{DoubleQuoted, Literal, QuotedName, Word};
        for (sql, dialect, expected) in [
            (r"'a\'", Dialect::Postgres, None),
            (r"'a\'b'", Dialect::Mysql, None),
            (r"'a\b'", Dialect::Mysql, Some(vec![(Literal, r"'a\b'")])),
            (r"'a\'", Dialect::Sqlite, Some(vec![(Literal, r"'a\'")])),
            (r"E'a\'b'", Dialect::Postgres, Some(vec![(Literal, r"E'a\'b'")])),
            (r"'a\'", Dialect::Other, None),
            ("'it''s'", Dialect::Other, Some(vec![(Literal, "'it''s'")])),
            ("\"a\"", Dialect::Postgres, Some(vec![(QuotedName, "\"a\"")])),
            ("\"a\"", Dialect::Mysql, Some(vec![(Literal, "\"a\"")])),
            ("\"a\"", Dialect::Sqlite, Some(vec![(DoubleQuoted, "\"a\"")])),
            ("[it's]", Dialect::Sqlite, Some(vec![(QuotedName, "[it's]")])),
            ("[it's]", Dialect::Other, None),
            ("$a$ it's $a$", Dialect::Postgres, Some(vec![(Literal, "$a$ it's $a$")])),
            ("a$b$c", Dialect::Postgres, Some(vec![(Word, "a$b$c")])),
            ("1.5e-3", Dialect::Other, Some(vec![(Literal, "1.5e-3")])),
            ("/* it's */ a -- it's", Dialect::Other, Some(vec![(Word, "a")])),
            ("/* /* */ it's */ a", Dialect::Postgres, None),
            ("$1", Dialect::SqlServer, Some(vec![(Literal, "$1")])),
            ("# it's\na", Dialect::Mysql, Some(vec![(Word, "a")])),
            ("'open", Dialect::Postgres, None),
            ("/* open", Dialect::Postgres, None),
            ("$a$ open", Dialect::Postgres, None),
        ] {
            assert_eq!(read(sql, dialect), expected, "{sql}");
        }
    }

    #[test]
    fn a_text_is_read_up_to_a_token_that_is_not_whole() {
        for open in ["'open", "/* open", "$a$ open", "\"open"] {
            let sql = format!("SELECT {open}");
            let (tokens, is_whole) = tokens(&sql, Dialect::Postgres);
            assert_eq!((tokens.len(), is_whole), (1, false), "{open}");
        }
    }
}
