//! Libraries whose instrumentation is turned off: their queries have neither spans nor metrics.
//!
//! A test program of its own: the setting is that of a process.

mod support;

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use otel_actix::clients::sqlx_0_9::TracedPool;
use otel_actix::config::ClientLibrary;
use otel_actix::testing::TestTrace;
use otel_core::client::{self, DatabaseSpan};
use otel_core::database::DatabaseFacts;
use support::{lines, within};

#[tokio::test]
async fn a_library_that_is_disabled_leaves_no_telemetry() {
    let libraries = [ClientLibrary::Diesel, ClientLibrary::Sqlx];
    let _telemetry = otel_actix::builder().disabled_instrumentations(libraries).keep_providers().init();
    let pool = TracedPool::new(sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap());
    let mut connection = diesel::SqliteConnection::establish(":memory:").unwrap();
    let trace = TestTrace::start();
    within(&trace, async {
        let one: i32 = sqlx::query_scalar("SELECT 1").fetch_one(&pool).await.unwrap();
        assert_eq!(one, 1);
        let mut transaction = pool.begin().await.unwrap();
        sqlx::query("SELECT 1").execute(&mut *transaction).await.unwrap();
        transaction.commit().await.unwrap();
        connection.batch_execute("SELECT 1").unwrap();
        // Spans do arrive: this library is not turned off.
        let facts = DatabaseFacts::new("other_sql");
        DatabaseSpan::start(client::scope(), &facts).end();
    })
    .await;
    assert_eq!(lines(&trace), ["other_sql: db.system.name=other_sql"]);
    assert_eq!(trace.metric("db.client.operation.duration").unwrap().points.len(), 1);
}
