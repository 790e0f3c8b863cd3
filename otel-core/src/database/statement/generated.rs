//! Statements made from a seed, with secrets in their literals: the recorded form never depends on a literal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::{CUT, Statement};
use crate::test_input::Noise;

/// A database with one of its settings, and the literals that it reads then.
struct Mode {
    system: &'static str,
    /// The marks around a literal. In `E'…'` backslashes escape in any mode.
    quotes: &'static [(&'static str, &'static str)],
    /// `true` if backslashes escape.
    has_escapes: bool,
}

const fn mode(system: &'static str, quotes: &'static [(&'static str, &'static str)], has_escapes: bool) -> Mode {
    Mode { system, quotes, has_escapes }
}

const SINGLE: &[(&str, &str)] = &[("'", "'"), ("'", "'"), ("N'", "'"), ("x'", "'")];
const DOUBLE: &[(&str, &str)] = &[("'", "'"), ("\"", "\""), ("N'", "'"), ("x'", "'")];
const POSTGRES: &[(&str, &str)] =
    &[("'", "'"), ("E'", "'"), ("$$", "$$"), ("$a$", "$a$"), ("$ä1$", "$ä1$"), ("x'", "'")];

const MODES: [Mode; 9] = [
    mode("postgresql", POSTGRES, false),
    // `standard_conforming_strings = off`
    mode("postgresql", POSTGRES, true),
    mode("mysql", DOUBLE, true),
    // `NO_BACKSLASH_ESCAPES`
    mode("mysql", DOUBLE, false),
    // `ANSI_QUOTES`
    mode("mysql", SINGLE, true),
    mode("sqlite", SINGLE, false),
    mode("microsoft.sql_server", SINGLE, false),
    // `QUOTED_IDENTIFIER OFF`
    mode("microsoft.sql_server", DOUBLE, false),
    mode("other_sql", DOUBLE, false),
];

/// `@` stands for a literal, `~` for white space or a comment.
const TEMPLATES: [&str; 18] = [
    "SELECT a, @ FROM t WHERE b =~@ AND c IN (@, @,~@)",
    "SELECT~*~FROM t, u WHERE a <> @ OR b LIKE @",
    "SELECT CASE WHEN a = @ THEN @ ELSE @ END FROM~t LIMIT @",
    "SELECT a FROM t WHERE a IS DISTINCT FROM @ FOR UPDATE",
    "SELECT TRIM(BOTH @ FROM @), SUBSTRING(@ FROM 2), EXTRACT(YEAR FROM @)",
    "SELECT f(@,~@), -@ FROM (SELECT @ FROM t) x",
    "INSERT INTO t (a, b) VALUES (@, @),~(@, @)",
    "INSERT INTO t (a) SELECT @ FROM u ON CONFLICT (a) DO UPDATE SET b = @, c = @",
    "UPDATE t SET a = @, b = @~WHERE c = @",
    "DELETE FROM t~WHERE a BETWEEN @ AND @ RETURNING a, @",
    "WITH c AS (SELECT @) SELECT * FROM c JOIN u ON c.a = @, v",
    "MERGE INTO t USING u ON a = @ WHEN MATCHED THEN UPDATE SET a = @",
    "CREATE TABLE t (a TEXT DEFAULT @)",
    "ALTER USER u PASSWORD~@",
    "CALL p(@, @)",
    "SET a = @",
    "EXPLAIN SELECT a FROM t GROUP BY a HAVING b > @; SELECT @",
    "@",
];

/// Text between tokens, which no database reads as a token.
const SPACES: [&str; 6] = [" ", "\n", "\t \r\n", " /* it's \" a ` comment */ ", " -- it's \" a ` comment\n", "/**/"];

/// Parts of a literal, which mean something outside of literals.
const PARTS: [&str; 17] =
    ["SECRET", "SECRET", " ", "--", "-- ", "/*", "*/", "#", "$$", "$1", ";", "(", ")", ",", "\n", "ä", "?"];

/// A literal that holds `SECRET` or a number as secret, and the placeholders for it.
fn literal(noise: &mut Noise, mode: &Mode) -> (String, &'static str) {
    if noise.number(0..=9) == 0 {
        let sign = if mode.system == "microsoft.sql_server" { "$" } else { "" };
        return (format!("{}{SECRET_NUMBER}", noise.pick(&["", "1.", "0x", sign])), "?");
    }
    let (open, close) = noise.pick(mode.quotes);
    if open.starts_with('$') {
        return (dollar_quoted(noise, open), "?");
    }
    let has_escapes = mode.has_escapes || open == "E'";
    let mut text = quoted(noise, open, close, has_escapes);
    if mode.system == "postgresql" && open != "x'" && noise.number(0..=4) == 0 {
        // A literal goes on in the next line, by the rules of its first part.
        text.push('\n');
        text.push_str(&quoted(noise, "'", "'", has_escapes));
        return (text, "?\n?");
    }
    (text, "?")
}

fn quoted(noise: &mut Noise, open: &str, close: &str, has_escapes: bool) -> String {
    let mut text = "SECRET".to_owned();
    for _ in 0..noise.number(0..=6) {
        match noise.number(0..=9) {
            0..=1 => text.push_str(&close.repeat(2)),
            2 => text.push_str(if close == "'" { "\"" } else { "'" }),
            3 => text.push('`'),
            4 if has_escapes => text.push_str(noise.pick(&["\\'", "\\\"", "\\\\", "\\n"])),
            4 => text.push('\\'),
            _ => text.push_str(noise.pick(&PARTS)),
        }
    }
    format!("{open}{text}{close}")
}

const SECRET_NUMBER: &str = "8675309";

fn dollar_quoted(noise: &mut Noise, tag: &str) -> String {
    let inner: String =
        (0..noise.number(0..=4)).map(|_| noise.pick(&["'", "\"", "$b$ ", "SECRET", "\\", "--"])).collect();
    format!("{tag}SECRET{inner} {tag}")
}

/// A statement with literals, and the same one with `?` in place of each.
fn statement(noise: &mut Noise, mode: &Mode) -> (String, String) {
    let (mut sql, mut bare) = (String::new(), String::new());
    for character in noise.pick(&TEMPLATES).chars() {
        match character {
            '@' => {
                let (literal, placeholders) = literal(noise, mode);
                sql.push_str(&literal);
                bare.push_str(placeholders);
            }
            '~' => {
                let is_mysql = mode.system == "mysql";
                let space = if is_mysql && noise.number(0..=4) == 0 { "# it's\n" } else { noise.pick(&SPACES) };
                sql.push_str(space);
                bare.push_str(space);
            }
            character => {
                sql.push(character);
                bare.push(character);
            }
        }
    }
    (sql, bare)
}

fn has_secret(statement: &Statement) -> bool {
    [statement.text(), statement.summary()].iter().any(|text| text.contains("SECRET") || text.contains(SECRET_NUMBER))
}

#[test]
fn the_recorded_form_is_that_of_the_statement_with_bind_values() {
    let mut noise = Noise::new(15);
    for mode in &MODES {
        let mut whole = 0;
        for _ in 0..2_000 {
            let (sql, bare) = statement(&mut noise, mode);
            let Some(recorded) = Statement::of(&sql, mode.system) else { continue };
            assert!(!has_secret(&recorded), "{}: {sql} → {recorded:?}", mode.system);
            if !recorded.text().ends_with(CUT) {
                whole += 1;
                assert_eq!(Some(recorded), Statement::of(&bare, mode.system), "{}: {sql}", mode.system);
            }
        }
        assert!(whole > 1_000, "{}: {whole}", mode.system);
    }
}

#[test]
fn no_beginning_of_a_statement_shows_a_literal() {
    let mut noise = Noise::new(16);
    for _ in 0..100 {
        for mode in &MODES {
            let (sql, _) = statement(&mut noise, mode);
            for (end, _) in sql.char_indices() {
                let recorded = Statement::of(&sql[..end], mode.system);
                assert!(!recorded.as_ref().is_some_and(has_secret), "{}: {}", mode.system, &sql[..end]);
            }
        }
    }
}

/// The literals of any database, read by the rules of an unknown one.
#[test]
fn an_unknown_system_shows_no_literal_of_any_other() {
    let mut noise = Noise::new(17);
    for _ in 0..2_000 {
        for mode in &MODES {
            let (sql, _) = statement(&mut noise, mode);
            for reader in ["other_sql", "oracle.db"] {
                let recorded = Statement::of(&sql, reader);
                assert!(!recorded.as_ref().is_some_and(has_secret), "{}: {sql} → {recorded:?}", mode.system);
            }
        }
    }
}

/// Texts in which quotation marks or comments do not end where most databases end them.
#[test]
fn a_text_that_one_database_reads_in_another_way_shows_no_literal() {
    for (system, sql) in [
        // A comment begins at two dashes only before a blank.
        ("mysql", "SELECT 5--'a\nSECRET' -- it's"),
        ("other_sql", "SELECT 5--'a\nSECRET' -- it's"),
        // A carriage return ends a comment in some databases only.
        ("postgresql", "SELECT -- a\r'b\nSECRET' -- it's"),
        ("microsoft.sql_server", "SELECT -- a\r'b\nSECRET' -- it's"),
        // The server runs the text in these comments.
        ("mysql", "SELECT /*! '*/SECRET' */ -- it's"),
        ("mysql", "SELECT /*M! '*/SECRET' */ -- it's"),
        ("other_sql", "SELECT /*! '*/SECRET' */ -- it's"),
        // A literal may hold quotation marks that are not doubled.
        ("oracle.db", "SELECT q'[it's SECRET' , '']' FROM t"),
        ("oracle.db", "SELECT nq'{it's SECRET' , ''}' FROM t"),
        ("other_sql", "SELECT Q'!it's SECRET' , ''!' FROM t"),
        // A setting decides whether backslashes escape, also in the parts of a literal.
        ("postgresql", "SELECT E'x'\n'b\\'c SECRET' -- it's"),
        ("postgresql", "SELECT E'x' -- comment\n 'b\\'c SECRET' -- it's"),
        ("postgresql", "SELECT 'a\\', 'SECRET' -- it's"),
        ("postgresql", "SELECT 'a\\'SECRET' -- it's"),
        ("cockroachdb", "SELECT b'a\\'SECRET' -- it's"),
        ("mysql", "SELECT 'a\\', 'SECRET' -- it's"),
        ("mysql", "SELECT 'a\\'SECRET' -- it's"),
        ("mysql", "SELECT \"a\\\", 'SECRET' -- it's\""),
        ("other_sql", "SELECT E'a\\', 'SECRET' -- it's"),
        // Systems of one family, and those of none, nest comments or do not.
        ("postgresql", "SELECT /* /* */ 'a */ SECRET' -- it's"),
        ("microsoft.sql_server", "SELECT /* a /*/ '*/ SECRET '*/ -- '"),
        ("mysql", "SELECT /*T! '*/SECRET' */ -- it's"),
        ("mysql", "SELECT 5--3 /*\n'*/ 'SECRET' --'"),
        // A zero byte ends the text, or a comment.
        ("sqlite", "SELECT a\0'b', SECRET"),
        ("mysql", "SELECT a # it's\0 'b\nSECRET' -- '"),
        // Dollars are quotation marks, parts of names, or signs of money.
        ("mysql", "SELECT $$it's SECRET' $$"),
        ("sqlite", "SELECT $a$ ' $a$ SECRET' --'"),
        ("postgresql", "SELECT 1$$ SECRET $$"),
        ("postgresql", "SELECT $1$$ SECRET $$"),
        ("other_sql", "SELECT $$X ' $$ SECRET' --'"),
        ("microsoft.sql_server", "SELECT $8675309"),
        ("microsoft.sql_server", "SELECT €8675309.50"),
        ("other_sql", "SELECT $8675309"),
        // Backticks are operators, and brackets end at once.
        ("postgresql", "SELECT a ` b 'SECRET' ` c"),
        ("other_sql", "SELECT a ` b 'SECRET' ` c"),
        ("sqlite", "SELECT [a]] 'SECRET']"),
        ("mariadb", "SELECT [it's], 'SECRET' -- '"),
        // The name of a variable can hold anything.
        ("sqlite", "SELECT @a('), 'SECRET' --'"),
        ("sqlite", "SELECT #a('), 'SECRET' --'"),
        // Literals of other languages than SQL, or of SQL that no other database reads.
        ("gcp.spanner", "SELECT '''it's SECRET''', 'b'"),
        ("gcp.spanner", "SELECT \"\"\"it\"s SECRET\"\"\", \"b\""),
        ("cassandra", "SELECT a // it's\n FROM t WHERE b = 'SECRET' --'"),
        ("cassandra", "SELECT a FROM t WHERE b = 8675309a-8675-4675-8675-8675309abcde"),
        ("cassandra", "SELECT a FROM t WHERE b = a8675309-8675-4675-8675-8675309abcde"),
        ("ibm.informix", "SELECT a { it's } FROM t WHERE b = 'SECRET' --'"),
        ("oracle.db", "SELECT\u{a0}q'[it's SECRET' , '']' FROM t"),
        ("oracle.db", "ALTER USER u IDENTIFIED BY SECRET"),
        ("teradata", "MODIFY USER u AS PASSWORD = SECRET"),
        ("clickhouse", "INSERT INTO t FORMAT CSV SECRET"),
        // In double quotes, where an expression stands.
        ("sqlite", "SELECT a FROM t ORDER BY \"SECRET\""),
        ("sqlite", "SELECT a FROM t GROUP BY \"SECRET\""),
        ("sqlite", "DELETE FROM t RETURNING \"SECRET\""),
        ("sqlite", "SELECT a FROM t WHERE a IS DISTINCT FROM \"SECRET\""),
        ("microsoft.sql_server", "SELECT \"SECRET\""),
        ("microsoft.sql_server", "SELECT TRIM('x' FROM \"SECRET\")"),
        // In double quotes, where no name stands.
        ("sqlite", "SELECT a FROM t WINDOW w AS (ORDER BY a), \"SECRET\""),
        ("other_sql", "SELECT a FROM t OPTION a, \"SECRET\""),
    ] {
        let recorded = Statement::of(sql, system);
        assert!(!recorded.as_ref().is_some_and(has_secret), "{system}: {sql} → {recorded:?}");
    }
    for (sql, expected) in
        [("SELECT 5--3", "SELECT ?--?"), ("SELECT 5--\n3", "SELECT ? ?"), ("SELECT 5 --", "SELECT ?")]
    {
        assert_eq!(Statement::of(sql, "mysql").unwrap().text(), expected);
    }
}
