//! SQL → tokens, as far as literals, names and words have to be kept apart.
//!
//! Databases disagree about the meaning of quotation marks and backslashes. A text whose meaning depends on the rules
//! of an unknown system is not read at all: a wrong guess would take a literal for a name.

/// The rules by which a system reads quotation marks and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Backslashes escape only in `E'…'`, `$tag$` quotes, comments nest.
    Postgres,
    /// Backslashes escape, `"` quotes literals, `#` begins a comment.
    Mysql,
    /// `"` quotes names, or literals where no such name is; `[…]` quotes names.
    Sqlite,
    /// `[…]` quotes names.
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

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes, which may hold any character.
    QuotedName,
    /// Text in double quotes: a literal or a name, depending on where it stands.
    DoubleQuoted,
    /// A literal: text or a number.
    Literal,
    /// A place for a bind value: `?`, `$1`, `:name`, `@p1`.
    Placeholder,
    /// An operator, a comma, a parenthesis: one character.
    Symbol,
}

/// A token and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    /// `true` if white space or a comment stands before it.
    pub(super) is_spaced: bool,
}

impl Token<'_> {
    /// Returns `true` if it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Returns `true` if it is this character.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}

/// The tokens of `sql`. `None` if it cannot be read: a quote or comment without an end, or text that dialects read in
/// different ways. If the text `is_cut`, its last token may have no end.
pub(super) fn tokens(sql: &str, dialect: Dialect, is_cut: bool) -> Option<Vec<Token<'_>>> {
    let mut lexer = Lexer { sql, at: 0, dialect };
    let mut tokens = Vec::new();
    loop {
        let before = lexer.at;
        match lexer.skip_space() {
            Some(()) => {}
            None if is_cut => return Some(tokens),
            None => return None,
        }
        let start = lexer.at;
        if start == sql.len() {
            return Some(tokens);
        }
        match lexer.token() {
            Some(kind) => tokens.push(Token { kind, text: sql.get(start..lexer.at)?, is_spaced: before < start }),
            None if is_cut && lexer.at == sql.len() => return Some(tokens),
            None => return None,
        }
    }
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
        self.at += self.rest().iter().take_while(|&&byte| accept(byte)).count();
    }

    /// Goes behind white space and comments. `None` if a comment has no end.
    fn skip_space(&mut self) -> Option<()> {
        loop {
            match (self.peek(0), self.peek(1)) {
                (byte, _) if byte.is_ascii_whitespace() => self.at += 1,
                (b'-', b'-') if self.is_line_comment() => self.skip_line_comment()?,
                (b'#', _) if self.dialect == Dialect::Mysql => self.take_while(|byte| byte != b'\n'),
                (b'/', b'*') => self.skip_comment()?,
                _ => return Some(()),
            }
        }
    }

    /// Returns `true` if two dashes begin a comment here: `MySQL` reads them as operators unless a blank follows
    /// ([comments](https://dev.mysql.com/doc/refman/8.4/en/comments.html)).
    fn is_line_comment(&self) -> bool {
        let is_blank = |byte: u8| byte.is_ascii_whitespace() || byte.is_ascii_control();
        self.dialect != Dialect::Mysql || self.rest().get(2).copied().is_none_or(is_blank)
    }

    /// Goes behind the comment in a line. `None` if its end depends on the database, and something may follow it.
    fn skip_line_comment(&mut self) -> Option<()> {
        let has_blank = self.peek(2).is_ascii_whitespace();
        let start = self.at;
        self.take_while(|byte| byte != b'\n');
        let line = self.sql.as_bytes().get(start..self.at)?.trim_ascii_end();
        let carriage_return = line.iter().position(|&byte| byte == b'\r');
        let has_quote = line.iter().any(|byte| b"'\"`".contains(byte));
        match self.dialect {
            Dialect::Postgres => self.at = start + carriage_return.unwrap_or(self.at - start),
            Dialect::Other if !has_blank && has_quote => return None,
            Dialect::Other | Dialect::SqlServer if carriage_return.is_some() => return None,
            _ => {}
        }
        Some(())
    }

    fn skip_comment(&mut self) -> Option<()> {
        // `MySQL` and `MariaDB` run the text in such a comment.
        let is_code = [b"/*!".as_slice(), b"/*M!"].iter().any(|start| self.rest().starts_with(start));
        if is_code && matches!(self.dialect, Dialect::Mysql | Dialect::Other) {
            return None;
        }
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    // Some dialects nest comments, others do not.
                    if depth > 0 && self.dialect == Dialect::Other {
                        return None;
                    }
                    let nests = matches!(self.dialect, Dialect::Postgres | Dialect::SqlServer);
                    if depth == 0 || nests {
                        depth += 1;
                    }
                    self.at += 2;
                }
                (b'*', b'/') => {
                    self.at += 2;
                    depth -= 1;
                    if depth == 0 {
                        return Some(());
                    }
                }
                _ if self.rest().is_empty() => {
                    // SQLite ends an open comment at the end of the text; elsewhere it is an error.
                    return None;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Goes behind one token, and returns its kind.
    fn token(&mut self) -> Option<TokenKind> {
        let (byte, next) = (self.peek(0), self.peek(1));
        match byte {
            b'\'' => self.quoted(b'\'', self.dialect == Dialect::Mysql, TokenKind::Literal),
            b'"' => match self.dialect {
                Dialect::Mysql => self.quoted(b'"', true, TokenKind::Literal),
                Dialect::Postgres | Dialect::SqlServer => self.quoted(b'"', false, TokenKind::QuotedName),
                Dialect::Sqlite | Dialect::Other => self.quoted(b'"', false, TokenKind::DoubleQuoted),
            },
            b'`' => self.quoted(b'`', false, TokenKind::QuotedName),
            b'[' if matches!(self.dialect, Dialect::Sqlite | Dialect::SqlServer) => {
                self.quoted(b']', false, TokenKind::QuotedName)
            }
            // A quotation mark for some, an array or a comment for others.
            b'[' | b'#' if self.dialect == Dialect::Other => None,
            b'$' if self.dialect != Dialect::Mysql && self.is_dollar_quote() => self.dollar_quoted(),
            b'0'..=b'9' => Some(self.number()),
            b'.' if next.is_ascii_digit() => Some(self.number()),
            b'?' => {
                self.at += 1;
                self.take_while(|byte| byte.is_ascii_digit());
                Some(TokenKind::Placeholder)
            }
            b'$' if next.is_ascii_digit() => Some(self.prefixed(TokenKind::Placeholder)),
            b':' | b'@' | b'$' if is_word_start(next) => Some(self.prefixed(TokenKind::Placeholder)),
            _ if is_word_start(byte) => self.word(),
            _ => {
                self.at += 1;
                Some(TokenKind::Symbol)
            }
        }
    }

    fn prefixed(&mut self, kind: TokenKind) -> TokenKind {
        self.at += 1;
        self.take_while(is_word);
        kind
    }

    /// A word, or a literal with a prefix such as `E'…'` and `x'…'`.
    fn word(&mut self) -> Option<TokenKind> {
        let first = self.peek(0);
        let start = self.at;
        self.take_while(is_word);
        let word = self.sql.get(start..self.at)?;
        let is_q = word.eq_ignore_ascii_case("q") || word.eq_ignore_ascii_case("nq");
        if is_q && self.dialect == Dialect::Other && self.peek(0) == b'\'' {
            // Oracle's `q'[it's]'` ends at the second mark, not at the first one.
            return None;
        }
        if self.at - start == 1 && self.peek(0) == b'\'' {
            let escapes = self.dialect == Dialect::Mysql || matches!(first, b'e' | b'E');
            return self.quoted(b'\'', escapes, TokenKind::Literal);
        }
        Some(TokenKind::Word)
    }

    /// A number, with all letters that stand in it: `1.5e-3`, `0xff`, `10n`.
    fn number(&mut self) -> TokenKind {
        loop {
            self.take_while(|byte| byte == b'.' || is_word(byte));
            let is_exponent = self.at > 0 && matches!(self.sql.as_bytes().get(self.at - 1), Some(b'e' | b'E'));
            if !(is_exponent && matches!(self.peek(0), b'+' | b'-') && self.peek(1).is_ascii_digit()) {
                return TokenKind::Literal;
            }
            self.at += 1;
        }
    }

    /// Text up to `end`, which stands for itself where it is doubled.
    fn quoted(&mut self, end: u8, has_escapes: bool, kind: TokenKind) -> Option<TokenKind> {
        self.at += 1;
        loop {
            let (byte, next) = (self.peek(0), self.peek(1));
            if self.rest().is_empty() {
                return None;
            }
            if byte == b'\\' && end != b'`' && end != b']' {
                if has_escapes {
                    self.at = (self.at + 2).min(self.sql.len());
                    continue;
                }
                // Where backslashes escape, this would not be the end.
                if self.dialect == Dialect::Other {
                    return None;
                }
            }
            self.at += 1;
            if byte == end {
                if next != end {
                    return Some(kind);
                }
                self.at += 1;
            }
        }
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
        let Some(end) = self.sql.get(self.at..)?.find(tag) else {
            self.at = self.sql.len();
            return None;
        };
        self.at += end + tag.len();
        Some(TokenKind::Literal)
    }
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn is_word(byte: u8) -> bool {
    is_word_start(byte) || byte.is_ascii_digit() || byte == b'$'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sql: &str, dialect: Dialect) -> Option<Vec<(TokenKind, &str)>> {
        Some(tokens(sql, dialect, false)?.into_iter().map(|token| (token.kind, token.text)).collect())
    }

    #[test]
    fn literals_end_where_the_dialect_ends_them() {
        use TokenKind::{DoubleQuoted, Literal, QuotedName, Word};
        for (sql, dialect, expected) in [
            (r"'a\'", Dialect::Postgres, Some(vec![(Literal, r"'a\'")])),
            (r"'a\'b'", Dialect::Mysql, Some(vec![(Literal, r"'a\'b'")])),
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
            ("/* /* */ it's */ a", Dialect::Postgres, Some(vec![(Word, "a")])),
            ("# it's\na", Dialect::Mysql, Some(vec![(Word, "a")])),
            ("'open", Dialect::Postgres, None),
            ("/* open", Dialect::Postgres, None),
            ("$a$ open", Dialect::Postgres, None),
        ] {
            assert_eq!(read(sql, dialect), expected, "{sql}");
        }
    }

    #[test]
    fn a_text_that_was_cut_ends_before_the_token_that_is_not_whole() {
        for open in ["'open", "/* open", "$a$ open", "\"open"] {
            let sql = format!("SELECT {open}");
            assert_eq!(tokens(&sql, Dialect::Postgres, true).map(|tokens| tokens.len()), Some(1), "{open}");
        }
    }
}
