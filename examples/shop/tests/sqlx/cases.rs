//! The same tests for each version: `sqlx` is the crate, `traced` the module for it.

use std::future::{Future as _, poll_fn};
use std::task::Poll;

use futures_util::StreamExt as _;
use otel_actix::testing::TestTrace;

use super::sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use super::sqlx::{self, Executor as _, Row as _, Sqlite};
use super::traced::{TracedPool, TracedTransaction};
use crate::support::{lines, record_rows, within};

async fn pool() -> TracedPool<Sqlite> {
    record_rows();
    // Databases with the same name would be one database of this process.
    let options = SqliteConnectOptions::new().filename(":memory:");
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)").execute(&pool).await.unwrap();
    sqlx::query("INSERT INTO users VALUES (1, 'Ada'), (2, 'Grace')").execute(&pool).await.unwrap();
    TracedPool::new(pool)
}

/// The names of the spans that ended, each after `failed` if its query failed.
fn names(trace: &TestTrace) -> Vec<String> {
    lines(trace).into_iter().filter_map(|line| Some(line.split_once(':')?.0.to_owned())).collect()
}

async fn delete(transaction: &mut TracedTransaction<'_, Sqlite>, id: u32) {
    sqlx::query("DELETE FROM users WHERE id = ?").bind(id).execute(&mut **transaction).await.unwrap();
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
    assert_eq!(names(&trace), ["BEGIN", "DELETE users", "ROLLBACK", "SELECT users", "BEGIN", "COMMIT"]);
}

#[tokio::test]
async fn transactions_begin_on_pools_connections_and_within_each_other() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let mut connection = pool.acquire().await.unwrap();
        assert!(pool.try_acquire().is_none());
        let mut transaction = connection.begin().await.unwrap();
        let mut savepoint = transaction.begin().await.unwrap();
        delete(&mut savepoint, 1).await;
        savepoint.rollback().await.unwrap();
        let savepoint = transaction.begin().await.unwrap();
        savepoint.commit().await.unwrap();
        delete(&mut transaction, 2).await;
        transaction.commit().await.unwrap();
        connection.begin_with("BEGIN IMMEDIATE").await.unwrap().commit().await.unwrap();
        drop(connection);
        pool.begin_with("BEGIN EXCLUSIVE").await.unwrap().rollback().await.unwrap();
        let left: Vec<u32> = sqlx::query_scalar("SELECT id FROM users").fetch_all(&pool).await.unwrap();
        assert_eq!(left, [1]);
    })
    .await;
    let expected = ["BEGIN", "SAVEPOINT", "DELETE users", "ROLLBACK", "SAVEPOINT", "RELEASE", "DELETE users", "COMMIT"];
    assert_eq!(names(&trace)[..8], expected);
    assert_eq!(names(&trace)[8..], ["BEGIN", "COMMIT", "BEGIN", "ROLLBACK", "SELECT users"]);
    let is_recorded = |text: &str| lines(&trace).iter().any(|line| line.contains(&format!("db.query.text={text} |")));
    assert!(is_recorded("BEGIN IMMEDIATE") && is_recorded("BEGIN EXCLUSIVE") && is_recorded("RELEASE SAVEPOINT"));
}

#[tokio::test]
async fn a_transaction_that_is_dropped_is_rolled_back() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("DELETE FROM users").execute(&mut *transaction).await.unwrap();
        drop(transaction);
        assert_eq!(sqlx::query("SELECT id FROM users").fetch_all(&pool).await.unwrap().len(), 2);
    })
    .await;
    assert_eq!(names(&trace), ["BEGIN", "DELETE users", "SELECT users"]);
}

#[tokio::test]
async fn rows_are_counted_up_to_the_one_that_is_read_last() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let mut rows = sqlx::query("SELECT name FROM users").fetch(&pool);
        rows.next().await.unwrap().unwrap();
        drop(rows);
        // The second row is no number that SQLite can negate.
        let sql = "SELECT abs(CASE id WHEN 1 THEN 1 ELSE -9223372036854775808 END) FROM users ORDER BY id";
        let rows: Vec<_> = sqlx::query(sql).fetch(&pool).collect().await;
        assert!(rows[0].is_ok() && rows[1].is_err());
        // Nothing is sent for a stream that is never polled.
        drop(sqlx::query("SELECT name FROM users").fetch(&pool));
    })
    .await;
    let lines = lines(&trace);
    assert_eq!(names(&trace), ["SELECT users", "SELECT users failed"]);
    assert!(lines.iter().all(|line| line.contains("db.response.returned_rows=1 |")), "{lines:?}");
}

#[tokio::test]
async fn a_query_that_is_given_up_is_no_error() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let connection = pool.acquire().await.unwrap();
        let mut query = Box::pin(sqlx::query("SELECT name FROM users").fetch_all(&pool));
        // The only connection is taken.
        poll_fn(|cx| {
            assert!(query.as_mut().poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        drop(query);
        drop(connection);
    })
    .await;
    assert_eq!(names(&trace), ["SELECT users"]);
}

#[tokio::test]
async fn queries_at_the_same_time_are_side_by_side() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        let query = || sqlx::query("SELECT name FROM users").fetch_all(&pool);
        let (one, other) = futures_util::future::join(query(), query()).await;
        assert_eq!((one.unwrap().len(), other.unwrap().len()), (2, 2));
    })
    .await;
    let spans = trace.spans();
    assert_eq!(spans.len(), 2);
    assert_eq!(spans[0].parent_span_id, spans[1].parent_span_id);
}

#[tokio::test]
async fn a_pool_itself_has_no_spans() {
    let (pool, trace) = (pool().await, TestTrace::start());
    within(&trace, async {
        sqlx::query("SELECT 1").execute(pool.inner()).await.unwrap();
        let mut connection = pool.acquire().await.unwrap();
        sqlx::query("SELECT 1").execute(&mut **connection.inner()).await.unwrap();
        sqlx::query("SELECT 1").execute(&mut *connection.into_inner()).await.unwrap();
    })
    .await;
    assert_eq!(names(&trace), [""; 0]);
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
