//! Queries by `diesel-async`, without a line for them: its connections take the instrumentation of `diesel` that start-up
//! sets.
#![allow(missing_docs, reason = "the macro of a table makes public items")]

mod support;

use std::sync::LazyLock;

use diesel::{ExpressionMethods as _, QueryDsl as _, QueryResult, SqliteConnection};
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;
use diesel_async::{AsyncConnection as _, AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use otel_actix::TelemetryGuard;
use otel_actix::testing::TestTrace;
use support::{Postgres, lines, lines_without, within};

diesel::table! {
    users (id) {
        id -> Integer,
        name -> Text,
    }
}

fn start() {
    static STARTED: LazyLock<TelemetryGuard> = LazyLock::new(|| otel_actix::builder().keep_providers().init());
    LazyLock::force(&STARTED);
}

#[tokio::test]
#[ignore = "needs PostgreSQL"]
async fn each_query_is_one_span() {
    start();
    let server = Postgres::start();
    let trace = TestTrace::start();
    let mut connection = AsyncPgConnection::establish(&server.url()).await.unwrap();
    connection.batch_execute("CREATE TABLE users (id INT PRIMARY KEY, name TEXT NOT NULL)").await.unwrap();
    within(&trace, async {
        let eve = (users::id.eq(1), users::name.eq("secret"));
        diesel::insert_into(users::table).values(eve).execute(&mut connection).await.unwrap();
        diesel::insert_into(users::table).values(eve).execute(&mut connection).await.unwrap_err();
        let names: Vec<String> =
            users::table.filter(users::name.eq("secret")).select(users::name).load(&mut connection).await.unwrap();
        assert_eq!(names, ["secret"]);
        let transaction = async |connection: &mut AsyncPgConnection| {
            diesel::delete(users::table).execute(connection).await?;
            QueryResult::Ok(())
        };
        connection.transaction(transaction).await.unwrap();
    })
    .await;
    let server = format!(" | server.address=127.0.0.1 | server.port={}", server.port);
    let lines = lines_without(&trace, &["db.namespace=postgres | ", " | db.system.name=postgresql", &server]);
    let insert =
        r#"db.query.summary=INSERT "users" | db.query.text=INSERT INTO "users" ("id", "name") VALUES ($1, $2)"#;
    assert_eq!(
        lines,
        [
            &format!(r#"INSERT "users": {insert}"#),
            &format!(r#"INSERT "users" failed: {insert} | error.type=unique_violation"#),
            r#"SELECT "users": db.query.summary=SELECT "users" | db.query.text=SELECT "users"."name" FROM "users" WHERE ("users"."name" = $1)"#,
            "BEGIN: db.query.summary=BEGIN | db.query.text=BEGIN",
            r#"DELETE "users": db.query.summary=DELETE "users" | db.query.text=DELETE FROM "users""#,
            "COMMIT: db.query.summary=COMMIT | db.query.text=COMMIT",
        ]
    );
}

/// The wrapper runs them on other threads, where no span is current.
#[tokio::test]
async fn queries_of_a_wrapped_connection_are_in_no_trace() {
    start();
    let mut connection = SyncConnectionWrapper::<SqliteConnection>::establish(":memory:").await.unwrap();
    let trace = TestTrace::start();
    within(&trace, async {
        diesel::sql_query("SELECT 1").execute(&mut connection).await.unwrap();
    })
    .await;
    assert_eq!(lines(&trace), [""; 0]);
}
