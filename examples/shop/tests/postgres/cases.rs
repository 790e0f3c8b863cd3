//! The same tests for each version: `sqlx` is the crate, `traced` the module for it.

use std::time::Duration;

use otel_actix::testing::TestTrace;

use super::sqlx::postgres::PgPoolOptions;
use super::sqlx::{self, Executor as _};
use super::traced::TracedPool;
use crate::support::{Postgres, lines, lines_without, within};

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_span_has_the_server_and_the_code_of_an_error() {
    let server = Postgres::start();
    let pool = PgPoolOptions::new().max_connections(1).connect(&server.url()).await.unwrap();
    pool.execute("CREATE TABLE users (id INT PRIMARY KEY, name TEXT)").await.unwrap();
    let pool = TracedPool::new(pool).with_url(&server.url());
    let trace = TestTrace::start();
    within(&trace, async {
        let insert = "INSERT INTO users VALUES ($1, 'secret')";
        sqlx::query(insert).bind(1).execute(&pool).await.unwrap();
        sqlx::query(insert).bind(1).execute(&pool).await.unwrap_err();
        sqlx::query("SELEC 'secret'").fetch_all(&pool).await.unwrap_err();
        let mut transaction = pool.begin().await.unwrap();
        transaction.execute("SET LOCAL statement_timeout = 10").await.unwrap();
        sqlx::query("SELECT pg_sleep(60)").execute(&mut *transaction).await.unwrap_err();
        transaction.rollback().await.unwrap();
        let names: Vec<String> = sqlx::query_scalar("SELECT name FROM users WHERE id = ANY($1)")
            .bind(vec![1, 2])
            .fetch_all(&pool)
            .await
            .unwrap();
        assert_eq!(names, ["secret"]);
    })
    .await;
    let server = format!(" | server.address=127.0.0.1 | server.port={}", server.port);
    let insert =
        "db.namespace=postgres | db.query.summary=INSERT users | db.query.text=INSERT INTO users VALUES ($1, ?)";
    assert_eq!(
        lines_without(&trace, &[&server, " | db.system.name=postgresql"]),
        [
            &format!("INSERT users: {insert}"),
            &format!("INSERT users failed: {insert} | db.response.status_code=23505 | error.type=23505"),
            "SELEC failed: db.namespace=postgres | db.query.summary=SELEC | db.query.text=SELEC ? | \
             db.response.status_code=42601 | error.type=42601",
            "BEGIN: db.namespace=postgres | db.query.summary=BEGIN | db.query.text=BEGIN",
            "SET: db.namespace=postgres | db.query.summary=SET | db.query.text=SET LOCAL statement_timeout = ?",
            "SELECT failed: db.namespace=postgres | db.query.summary=SELECT | db.query.text=SELECT pg_sleep(?) | \
             db.response.status_code=57014 | error.type=57014",
            "ROLLBACK: db.namespace=postgres | db.query.summary=ROLLBACK | db.query.text=ROLLBACK",
            "SELECT users: db.namespace=postgres | db.query.summary=SELECT users | \
             db.query.text=SELECT name FROM users WHERE id = ANY($1)",
        ]
    );
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn a_server_that_is_gone_is_an_error_without_a_code() {
    let server = Postgres::start();
    let options = PgPoolOptions::new().max_connections(1).acquire_timeout(Duration::from_millis(500));
    let pool = TracedPool::new(options.connect(&server.url()).await.unwrap());
    let mut connection = pool.acquire().await.unwrap();
    drop(server);
    let trace = TestTrace::start();
    within(&trace, async {
        sqlx::query("SELECT id FROM users").execute(&mut connection).await.unwrap_err();
        drop(connection);
        sqlx::query("SELECT id FROM users").execute(&pool).await.unwrap_err();
    })
    .await;
    let lines = lines(&trace);
    let select = "SELECT users failed: db.query.summary=SELECT users | db.query.text=SELECT id FROM users | db.system.name=postgresql | error.type=";
    let broken = ["unexpected_eof", "connection_reset", "broken_pipe"].map(|word| format!("{select}{word}"));
    assert!(broken.contains(&lines[0]), "{lines:?}");
    assert_eq!(lines[1..], [format!("{select}pool_timeout")]);
}
