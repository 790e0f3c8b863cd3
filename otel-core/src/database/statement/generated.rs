//! Statements made from a seed, with secrets in their literals: the recorded form never depends on a literal.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::Statement;
use crate::test_input::Noise;

const SYSTEMS: [&str; 5] = ["postgresql", "mysql", "sqlite", "microsoft.sql_server", "other_sql"];

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

/// A literal of a system. It holds `SECRET` at least once, and is not empty where it begins or ends.
fn literal(noise: &mut Noise, system: &str) -> String {
    let is_mysql = system == "mysql";
    let (open, close) = match (noise.number(0..=9), system) {
        (0..=2, "postgresql") => return dollar_quoted(noise),
        (3, "postgresql") => ("E'", "'"),
        (0..=3, "mysql" | "other_sql") => ("\"", "\""),
        (4, _) => return format!("{}{}", noise.pick(&["", "1.", "0x"]), SECRET_NUMBER),
        (5, _) => (noise.pick(&["N'", "x'"]), "'"),
        _ => ("'", "'"),
    };
    // Backslashes escape the next character, stand for themselves, or mean either.
    let (quote, has_escapes) = (close, is_mysql || open == "E'");
    let doubled = quote.repeat(2);
    let mut text = "SECRET".to_owned();
    for _ in 0..noise.number(0..=6) {
        match noise.number(0..=9) {
            0..=1 => text.push_str(&doubled),
            2 => text.push_str(if quote == "'" { "\"" } else { "'" }),
            3 => text.push('`'),
            4 if has_escapes => text.push_str(noise.pick(&["\\'", "\\\"", "\\\\", "\\n"])),
            4 if system != "other_sql" => text.push('\\'),
            _ => text.push_str(noise.pick(&PARTS)),
        }
    }
    format!("{open}{text}{close}")
}

const SECRET_NUMBER: &str = "8675309";

fn dollar_quoted(noise: &mut Noise) -> String {
    let tag = noise.pick(&["$$", "$a$", "$ä1$"]);
    let inner: String =
        (0..noise.number(0..=4)).map(|_| noise.pick(&["'", "\"", "$b$ ", "SECRET", "\\", "--"])).collect();
    format!("{tag}SECRET{inner} {tag}")
}

/// A statement with literals, and the same one with `?` in place of each.
fn statement(noise: &mut Noise, system: &str) -> (String, String) {
    let (mut sql, mut bare) = (String::new(), String::new());
    for character in noise.pick(&TEMPLATES).chars() {
        match character {
            '@' => {
                sql.push_str(&literal(noise, system));
                bare.push('?');
            }
            '~' => {
                let space =
                    if system == "mysql" && noise.number(0..=4) == 0 { "# it's\n" } else { noise.pick(&SPACES) };
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
    for _ in 0..3_000 {
        for system in SYSTEMS {
            let (sql, bare) = statement(&mut noise, system);
            let recorded = Statement::of(&sql, system);
            assert_eq!(recorded, Statement::of(&bare, system), "{system}: {sql}");
            assert!(!has_secret(&recorded.unwrap()), "{system}: {sql}");
        }
    }
}

#[test]
fn no_beginning_of_a_statement_shows_a_literal() {
    let mut noise = Noise::new(16);
    for _ in 0..200 {
        for system in SYSTEMS {
            let (sql, _) = statement(&mut noise, system);
            for (end, _) in sql.char_indices() {
                let recorded = Statement::of(&sql[..end], system);
                assert!(!recorded.as_ref().is_some_and(has_secret), "{system}: {}", &sql[..end]);
            }
        }
    }
}

/// The literals of any database, read by the rules of an unknown one.
#[test]
fn an_unknown_system_shows_no_literal_of_any_other() {
    let mut noise = Noise::new(17);
    for _ in 0..3_000 {
        for system in SYSTEMS {
            let (sql, _) = statement(&mut noise, system);
            for reader in ["other_sql", "oracle.db"] {
                let recorded = Statement::of(&sql, reader);
                assert!(!recorded.as_ref().is_some_and(has_secret), "{system}: {sql} → {recorded:?}");
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
