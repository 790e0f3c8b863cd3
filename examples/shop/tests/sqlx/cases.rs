//! The same tests for each version: `sqlx` is the crate, `traced` the module for it.

use otel_actix::testing::TestTrace;

use super::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use super::sqlx::{self, Executor as _, Row as _, Sqlite};
use super::traced::TracedPool;
use crate::support::{lines, within};

async fn pool() -> TracedPool<Sqlite> {
    // Databases with the same name would be one database of this process.
    let options = SqliteConnectOptions::new().filename(":memory:");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)").execute(&pool).await.unwrap();
    sqlx::query("INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace')").execute(&pool).await.unwrap();
    TracedPool::new(pool)
}

#[tokio::test]
async fn each_way_to_query_is_one_span() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let sql = "SELECT name FROM users WHERE id = ? AND name <> 'secret'";
        let name: String = sqlx::query_scalar(sql).bind(1).fetch_one(&pool).await.unwrap();
        assert_eq!(name, "Ada");
        let rows = sqlx::query("SELECT name FROM users").fetch_all(&pool).await.unwrap();
        assert_eq!(rows[1].get::<String, _>(0), "Grace");
        assert!(sqlx::query("SELECT 1 FROM users WHERE id = 7").fetch_optional(&pool).await.unwrap().is_none());
        sqlx::query("UPDATE users SET name = ?").bind("password").execute(&pool).await.unwrap();
        pool.execute("DELETE FROM users WHERE id = 2").await.unwrap();
    })
    .await;
    let select = "db.query.summary=SELECT users | db.query.text=SELECT";
    assert_eq!(
        lines(&trace),
        [
            format!("SELECT users: {select} name FROM users WHERE id = ? AND name <> ? | db.response.returned_rows=1 | db.system.name=sqlite"),
            format!("SELECT users: {select} name FROM users | db.response.returned_rows=2 | db.system.name=sqlite"),
            format!("SELECT users: {select} ? FROM users WHERE id = ? | db.response.returned_rows=0 | db.system.name=sqlite"),
            "UPDATE users: db.query.summary=UPDATE users | db.query.text=UPDATE users SET name = ? | db.response.returned_rows=0 | db.system.name=sqlite".to_owned(),
            "DELETE users: db.query.summary=DELETE users | db.query.text=DELETE FROM users WHERE id = ? | db.response.returned_rows=0 | db.system.name=sqlite".to_owned(),
        ]
    );
    let durations = trace.metric("db.client.operation.duration").unwrap();
    assert_eq!((&*durations.unit, durations.points.len()), ("s", 3));
}

#[tokio::test]
async fn an_error_has_the_code_of_the_database() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        sqlx::query("INSERT INTO users VALUES (1, 'Eve')").execute(&pool).await.unwrap_err();
        assert!(sqlx::query("SELECT 'secret").fetch_all(&pool).await.is_err());
    })
    .await;
    assert_eq!(
        lines(&trace),
        [
            "INSERT users failed: db.query.summary=INSERT users | db.query.text=INSERT INTO users VALUES (?, ?) | \
             db.response.status_code=1555 | db.system.name=sqlite | error.type=1555",
            // The text is recorded up to a literal without an end.
            "SELECT failed: db.query.summary=SELECT | db.query.text=SELECT ... | db.response.status_code=1 | \
             db.system.name=sqlite | error.type=1",
        ]
    );
}

#[tokio::test]
async fn transactions_and_connections_are_executors_too() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("DELETE FROM users").execute(&mut *transaction).await.unwrap();
        transaction.rollback().await.unwrap();
        let mut connection = pool.acquire().await.unwrap();
        sqlx::query("SELECT id FROM users").fetch_all(&mut connection).await.unwrap();
        drop(connection);
        let transaction = pool.begin().await.unwrap();
        transaction.commit().await.unwrap();
    })
    .await;
    let names: Vec<_> = trace.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["BEGIN", "DELETE users", "ROLLBACK", "SELECT users", "BEGIN", "COMMIT"]);
}

#[tokio::test]
async fn a_statement_that_was_prepared_is_used_again() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        for id in [1, 2] {
            let row = sqlx::query("SELECT name FROM users WHERE id = ?").bind(id).persistent(true);
            row.fetch_one(&pool).await.unwrap();
        }
        otel_actix::suppress_future(sqlx::query("SELECT 1").fetch_one(&pool)).await.unwrap();
    })
    .await;
    assert_eq!(trace.spans().len(), 2);
}
