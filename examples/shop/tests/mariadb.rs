//! Queries by `sqlx` to a real `MariaDB` server: their spans.

mod support;

use otel_actix::clients::sqlx_0_9::TracedPool;
use otel_actix::testing::TestTrace;
use sqlx::Executor as _;
use sqlx::mysql::MySqlPoolOptions;
use support::{MariaDb, lines_without, within};

#[tokio::test]
#[ignore = "needs MariaDB"]
async fn an_error_has_the_number_of_the_server() {
    let server = MariaDb::start();
    let pool = MySqlPoolOptions::new().max_connections(1).connect(&server.url()).await.unwrap();
    pool.execute("CREATE TABLE users (id INT PRIMARY KEY, name TEXT NOT NULL)").await.unwrap();
    let (traced, trace) = (TracedPool::new(pool.clone()).with_url(&server.url()), TestTrace::start());
    // The driver cannot say which of both it talks to, but the URL can.
    let mariadb = TracedPool::new(pool).with_url(&server.url().replacen("mysql", "mariadb", 1));
    within(&trace, async {
        let insert = "INSERT INTO users VALUES (?, \"secret\")";
        sqlx::query(insert).bind(1).execute(&traced).await.unwrap();
        sqlx::query(insert).bind(1).execute(&traced).await.unwrap_err();
        sqlx::query("SELEC 'it\\'s secret'").fetch_all(&traced).await.unwrap_err();
        let mut transaction = mariadb.begin().await.unwrap();
        transaction.execute("INSERT INTO users VALUES (2, NULL)").await.unwrap_err();
        transaction.rollback().await.unwrap();
    })
    .await;
    let server = format!(" | server.address=127.0.0.1 | server.port={}", server.port);
    let insert = "db.query.summary=INSERT users | db.query.text=INSERT INTO users VALUES (?, ?)";
    let null = "db.query.summary=INSERT users | db.query.text=INSERT INTO users VALUES (?, NULL)";
    assert_eq!(
        lines_without(&trace, &[&server, "db.namespace=test | "]),
        [
            format!("INSERT users: {insert} | db.system.name=mysql"),
            format!(
                "INSERT users failed: {insert} | db.response.status_code=1062 | db.system.name=mysql | error.type=1062"
            ),
            "SELEC failed: db.query.summary=SELEC | db.query.text=SELEC ... | db.response.status_code=1064 | \
             db.system.name=mysql | error.type=1064"
                .to_owned(),
            "BEGIN: db.query.summary=BEGIN | db.query.text=BEGIN | db.system.name=mariadb".to_owned(),
            format!(
                "INSERT users failed: {null} | db.response.status_code=1048 | db.system.name=mariadb | error.type=1048"
            ),
            "ROLLBACK: db.query.summary=ROLLBACK | db.query.text=ROLLBACK | db.system.name=mariadb".to_owned(),
        ]
    );
}
