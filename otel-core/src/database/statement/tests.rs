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
        (
            "sqlite",
            "SELECT `a`, [b c] FROM \"t\" AS \"x\" ORDER BY \"a\"",
            "SELECT `a`, [b c] FROM \"t\" AS \"x\" ORDER BY ?",
        ),
        ("microsoft.sql_server", "SELECT [a]]b], \"t\".\"c\", \"d\"", "SELECT [a]]b], \"t\".\"c\", ?"),
        ("mysql", "SELECT _utf8'a', N'b', @x -- it's\r\n, 5--3", "SELECT _utf8?, ?, @x , ?--?"),
        ("other_sql", "SELECT `a-b` FROM t --comment\n, u", "SELECT `a-b` FROM t , u"),
        ("other_sql", "SELECT -1.5e-3, .5, 0xff, NULL, TRUE, false", "SELECT -?, ?, ?, NULL, ?, ?"),
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
        ("SELECT * FROM \"song list\", db.\"My Schema\".t", "SELECT \"song list\" db.\"My Schema\".t"),
        ("SELECT * FROM db..t", "SELECT db..t"),
        ("/* comment */ -- another\nSELECT a FROM t", "SELECT t"),
        ("SELECT * FROM (SELECT a FROM t) x", "SELECT SELECT t"),
        ("SELECT a FROM t FOR UPDATE OF a, b", "SELECT t"),
        ("SELECT a FROM t WINDOW w AS (ORDER BY a), v AS (ORDER BY b)", "SELECT t"),
        ("SELECT a FROM t UNION ALL SELECT b FROM u", "SELECT t SELECT u"),
        ("(SELECT a FROM t) UNION (SELECT b FROM u)", "SELECT t SELECT u"),
        ("INSERT INTO t (a) SELECT b FROM u", "INSERT t SELECT u"),
        ("INSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET b = 2", "INSERT t"),
        ("INSERT OR REPLACE INTO t VALUES (1)", "INSERT t"),
        ("INSERT IGNORE t VALUES (1)", "INSERT t"),
        ("REPLACE INTO t VALUES (1)", "REPLACE t"),
        ("UPDATE t SET a = 1 FROM u WHERE b = 2", "UPDATE t u"),
        ("UPDATE t, u SET t.a = 1, u.b = 2", "UPDATE t u"),
        ("UPDATE OR REPLACE t SET a = 1", "UPDATE t"),
        ("DELETE FROM t WHERE a IS DISTINCT FROM b", "DELETE t"),
        ("DELETE FROM t USING u, v WHERE a = b", "DELETE t u v"),
        ("SELECT a FROM t JOIN u USING (a)", "SELECT t u"),
        ("MERGE INTO t USING u ON a = b WHEN MATCHED THEN UPDATE SET a = 1", "MERGE t u"),
        ("MERGE t USING (SELECT a FROM u) x ON a = b", "MERGE t SELECT u"),
        ("WITH c AS (SELECT a FROM t) UPDATE u SET a = 1", "SELECT t UPDATE u"),
        (
            "WITH c AS (SELECT a FROM t), d (a) AS (SELECT 1) INSERT INTO u SELECT * FROM c",
            "SELECT t SELECT INSERT u SELECT c",
        ),
        ("WITH c AS (SELECT 1) DELETE FROM t", "SELECT DELETE t"),
        (
            "WITH RECURSIVE c AS (SELECT a FROM t UNION ALL SELECT b FROM c) SELECT * FROM c",
            "SELECT t SELECT c SELECT c",
        ),
        ("SELECT EXTRACT(YEAR FROM a), REPLACE(b, 'x', 'y') FROM t FOR UPDATE", "SELECT t"),
        ("CREATE TABLE IF NOT EXISTS t (a INT)", "CREATE TABLE t"),
        ("CREATE UNIQUE INDEX i ON t (a)", "CREATE INDEX i"),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX i"),
        ("CREATE INDEX ON t (a)", "CREATE INDEX"),
        ("CREATE OR REPLACE VIEW v AS SELECT a FROM t", "CREATE VIEW v SELECT t"),
        ("DROP TABLE t", "DROP TABLE t"),
        ("DROP TABLE IF EXISTS t, u", "DROP TABLE t u"),
        ("ALTER TABLE t ADD COLUMN a INT, ADD COLUMN b INT", "ALTER TABLE t"),
        ("TRUNCATE t", "TRUNCATE t"),
        ("TRUNCATE TABLE ONLY t, u", "TRUNCATE TABLE t u"),
        ("REFRESH MATERIALIZED VIEW v", "REFRESH VIEW v"),
        ("CALL p(1, a)", "CALL p"),
        ("EXEC dbo.p @a = 1, @b = 2", "EXEC dbo.p"),
        ("COPY t (a, b) FROM STDIN", "COPY t"),
        ("COPY (SELECT a FROM t) TO STDOUT", "COPY SELECT t"),
        ("USE shop", "USE shop"),
        ("BEGIN; COMMIT", "BEGIN COMMIT"),
        ("SELECT a FROM t; SET a = b, c; CALL p(1), d", "SELECT t SET CALL p"),
        ("INSERT INTO t VALUES (1); DELETE FROM u;", "INSERT t DELETE u"),
        ("PRAGMA foreign_keys = ON", "PRAGMA"),
        ("SAVEPOINT s1", "SAVEPOINT"),
        ("EXPLAIN SELECT 1", "EXPLAIN SELECT"),
        ("EXPLAIN QUERY PLAN SELECT a FROM t", "EXPLAIN SELECT t"),
        ("EXPLAIN (ANALYZE, FORMAT JSON) UPDATE t SET a = 1", "EXPLAIN UPDATE t"),
        ("EXPLAIN ANALYZE WITH c AS (SELECT 1) DELETE FROM t", "EXPLAIN SELECT DELETE t"),
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
fn a_text_is_recorded_up_to_the_part_that_cannot_be_read() {
    for (system, sql, expected) in [
        ("postgresql", "SELECT a, 'secret", Some("SELECT a, ...")),
        ("mysql", "SELECT 'secret\\'", Some("SELECT ...")),
        ("other_sql", "SELECT 'a\\' AND b = 'secret'", Some("SELECT ...")),
        ("other_sql", "SELECT 1 # don't tell", Some("SELECT ? ...")),
        ("postgresql", "SELECT /* secret", Some("SELECT ...")),
        ("sqlite", "SELECT a\0 FROM secret", Some("SELECT a ...")),
        ("postgresql", "'secret", None),
        ("postgresql", "\0", None),
    ] {
        assert_eq!(Statement::of(sql, system).as_ref().map(Statement::text), expected, "{system}: {sql}");
    }
}

#[test]
fn a_long_text_is_cut_and_no_part_of_a_literal_is_left() {
    let sql = format!("SELECT '{}", "secret ".repeat(10_000));
    assert_eq!(Statement::of(&sql, "postgresql").unwrap().text(), "SELECT ...");
    let sql = format!("SELECT {}", "ä".repeat(LONGEST));
    assert!(Statement::of(&sql, "postgresql").unwrap().text().len() <= LONGEST + CUT.len());
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
