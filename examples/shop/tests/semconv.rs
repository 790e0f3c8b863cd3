//! Spans of queries by real drivers, checked with the official registry of the semantic conventions.
#![allow(missing_docs, reason = "the macro of a table makes public items")]

#[path = "../../../otel-clients/tests/support/registry.rs"]
mod registry;
mod support;

use diesel::prelude::*;
use otel_actix::clients::diesel_2;
use otel_actix::clients::sqlx_0_9::TracedPool;
use otel_actix::testing::TestTrace;
use otel_actix::{opentelemetry, opentelemetry_sdk};
use registry::check_spans;
use support::{Postgres, within};

/// Runs the same queries in any database: answered, failed, unreadable, and in a transaction.
macro_rules! queries {
    ($pool:expr, $trace:expr) => {
        within(&$trace, async {
            sqlx::query("CREATE TABLE users (id INT PRIMARY KEY, name TEXT)").execute(&$pool).await.unwrap();
            sqlx::query("INSERT INTO users VALUES (1, 'Ada')").execute(&$pool).await.unwrap();
            sqlx::query("INSERT INTO users VALUES (1, 'Ada')").execute(&$pool).await.unwrap_err();
            sqlx::query("SELECT 'open").execute(&$pool).await.unwrap_err();
            let mut transaction = $pool.begin().await.unwrap();
            sqlx::query("SELECT name FROM users").fetch_all(&mut *transaction).await.unwrap();
            transaction.commit().await.unwrap();
        })
        .await
    };
}

#[tokio::test]
#[ignore = "needs python3"]
async fn queries_by_sqlx_to_sqlite() {
    let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(1);
    let pool = TracedPool::new(options.connect("sqlite::memory:").await.unwrap());
    let trace = TestTrace::start();
    queries!(pool, trace);
    check_spans("span.db.client", &trace.wait_for(7, support::PATIENCE));
}

#[tokio::test]
#[ignore = "needs python3 and PostgreSQL"]
async fn queries_by_sqlx_to_postgres() {
    let server = Postgres::start();
    let pool = TracedPool::new(sqlx::PgPool::connect(&server.url()).await.unwrap()).with_url(&server.url());
    let trace = TestTrace::start();
    queries!(pool, trace);
    check_spans("span.db.postgresql.client", &trace.wait_for(7, support::PATIENCE));
    check_spans("span.db.client", &trace.spans());
}

#[test]
#[ignore = "needs python3"]
fn queries_by_diesel() {
    diesel_2::install();
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    let trace = TestTrace::start();
    let attached = trace.context().attach();
    connection
        .transaction(|connection| {
            diesel::sql_query("CREATE TABLE users (id INTEGER)").execute(connection)?;
            diesel::sql_query("SELECT 'open").execute(connection).unwrap_err();
            QueryResult::Ok(())
        })
        .unwrap();
    drop(attached);
    check_spans("span.db.client", &trace.wait_for(4, support::PATIENCE));
}
