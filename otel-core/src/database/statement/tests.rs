#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::test_input::Noise;

#[test]
fn literals_are_replaced_and_the_rest_stays() {
    for (system, sql, expected) in [
        ("postgresql", "SELECT 1", "SELECT ?"),
        ("postgresql", "select  *\n from t -- c\n where a='x' and b = $1", "select * from t where a=? and b = $1"),
        (
            "postgresql",
            "SELECT \"Name\" FROM \"t\" WHERE x = E'a\\'b' AND y::int = 2",
            "SELECT \"Name\" FROM \"t\" WHERE x = ? AND y::int = ?",
        ),
        ("postgresql", "INSERT INTO t1 (a) VALUES ($q$it's$q$), (x'ff')", "INSERT INTO t1 (a) VALUES (?), (?)"),
        ("mysql", "SELECT `a b` FROM t WHERE x = \"secret\" # it's", "SELECT `a b` FROM t WHERE x = ?"),
        ("sqlite", "SELECT \"u\".\"id\" FROM \"u\" WHERE n = \"secret\"", "SELECT \"u\".\"id\" FROM \"u\" WHERE n = ?"),
        (
            "sqlite",
            "SELECT * FROM t WHERE a IN (1, 2, ?) AND b IN (SELECT 3)",
            "SELECT * FROM t WHERE a IN (?) AND b IN (SELECT ?)",
        ),
        ("other_sql", "SELECT -1.5e-3, .5, 0xff, NULL, TRUE", "SELECT -?, ?, ?, NULL, TRUE"),
        ("other_sql", "", ""),
    ] {
        assert_eq!(Statement::of(sql, system).unwrap().text(), expected, "{system}: {sql}");
    }
}

#[test]
fn a_summary_has_operations_and_targets() {
    for (sql, expected) in [
        ("SELECT * FROM users WHERE id = ?", "SELECT users"),
        ("select u.a from s.users u, orders as o join items on x = y, z", "select s.users orders items"),
        ("SELECT * FROM (SELECT a FROM t) x", "SELECT SELECT t"),
        ("INSERT INTO t (a) SELECT b FROM u", "INSERT t SELECT u"),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 2", "INSERT t"),
        ("UPDATE t SET a = 1 FROM u WHERE b = 2", "UPDATE t u"),
        ("DELETE FROM t WHERE a IS DISTINCT FROM b", "DELETE t"),
        ("WITH c AS (SELECT a FROM t) UPDATE u SET a = 1", "SELECT t UPDATE u"),
        ("SELECT EXTRACT(YEAR FROM a), REPLACE(b, 'x', 'y') FROM t FOR UPDATE", "SELECT t"),
        ("CREATE TABLE IF NOT EXISTS t (a INT)", "CREATE TABLE t"),
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX i"),
        ("DROP TABLE t", "DROP TABLE t"),
        ("BEGIN; COMMIT", "BEGIN COMMIT"),
        ("PRAGMA foreign_keys = ON", "PRAGMA"),
        ("EXPLAIN SELECT 1", "EXPLAIN SELECT"),
        ("", ""),
    ] {
        assert_eq!(Statement::of(sql, "postgresql").unwrap().summary(), expected, "{sql}");
    }
}

#[test]
fn a_summary_is_cut_between_names() {
    let tables = (0..100).map(|number| format!("table_{number}")).collect::<Vec<_>>().join(", ");
    let statement = Statement::of(&format!("SELECT * FROM {tables}"), "postgresql").unwrap();
    assert!(statement.summary().len() <= 255 && statement.summary().ends_with("table_27"), "{}", statement.summary());
}

#[test]
fn a_text_that_cannot_be_read_is_not_recorded() {
    for (system, sql) in [
        ("postgresql", "SELECT 'secret"),
        ("mysql", "SELECT 'secret\\'"),
        ("other_sql", "SELECT 'a\\' AND b = 'secret'"),
        ("other_sql", "SELECT 1 # don't tell"),
        ("postgresql", "SELECT /* secret"),
    ] {
        assert_eq!(Statement::of(sql, system), None, "{system}: {sql}");
    }
}

#[test]
fn a_long_text_is_cut_and_no_part_of_a_literal_is_left() {
    let sql = format!("SELECT '{}", "secret ".repeat(10_000));
    assert_eq!(Statement::of(&sql, "postgresql").unwrap().text(), "SELECT");
    let sql = format!("SELECT {}", "ä".repeat(LONGEST));
    assert!(Statement::of(&sql, "postgresql").unwrap().text().len() <= LONGEST);
}

/// Any SQL, and text that is none: nothing panics, and no byte of a literal comes through.
#[test]
fn literals_never_come_through() {
    let mut noise = Noise::new(7);
    let pieces = [
        "SELECT",
        " ",
        "FROM",
        "t",
        "\"q\"",
        "`b`",
        "(",
        ")",
        ",",
        ".",
        "'SECRET'",
        "'it''s SECRET'",
        "987654",
        "$1",
        "?",
        ";",
        "IN",
        "WHERE",
        "=",
        "-- c\n",
        "/* c */",
        "ä",
        "::",
        "@",
        "INTO",
        "UPDATE",
        "JOIN",
        "''",
    ];
    for _ in 0..4_000 {
        let sql: String = (0..noise.number(0..=20)).map(|_| noise.pick(&pieces)).collect();
        for system in ["postgresql", "mysql", "sqlite", "microsoft.sql_server", "other_sql"] {
            if let Some(statement) = Statement::of(&sql, system) {
                for text in [statement.text(), statement.summary()] {
                    assert!(!text.contains("SECRET"), "{system}: {sql} → {text}");
                }
            }
        }
        let damaged = noise.damaged(&[sql.as_str()]);
        let _ = Statement::of(&damaged, "postgresql");
    }
}

#[test]
fn a_thread_remembers_statements_of_each_system() {
    for sql in ["SELECT \"a\" FROM t", "SELECT 'open", "SELECT 1"] {
        for _ in 0..2 {
            for system in ["mysql", "postgresql"] {
                let remembered = Statement::remembered(sql, system);
                assert_eq!(remembered.as_deref(), Statement::of(sql, system).as_ref());
            }
        }
    }
}
