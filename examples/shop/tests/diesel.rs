//! Queries by `diesel`, without a line for them: start-up sets its instrumentation.
#![allow(missing_docs, reason = "the macro of a table makes public items")]

mod support;

use std::sync::LazyLock;

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection as _};
use diesel::prelude::*;
use diesel::result::Error;
use otel_actix::TelemetryGuard;
use otel_actix::clients::diesel_2::ClientTelemetry;
use otel_actix::testing::TestTrace;
use support::lines;

diesel::table! {
    users (id) {
        id -> Integer,
        name -> Text,
    }
}

/// A database in memory, which is made outside of any trace.
fn connect() -> SqliteConnection {
    static STARTED: LazyLock<TelemetryGuard> = LazyLock::new(|| otel_actix::builder().keep_providers().init());
    LazyLock::force(&STARTED);
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    connection.batch_execute("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL)").unwrap();
    diesel::insert_into(users::table)
        .values(&vec![(users::id.eq(1), users::name.eq("Ada")), (users::id.eq(2), users::name.eq("Grace"))])
        .execute(&mut connection)
        .unwrap();
    connection
}

#[test]
fn each_query_is_one_span() {
    let (mut connection, trace) = (connect(), TestTrace::start());
    let attached = trace.context().attach();
    let names: Vec<String> =
        users::table.filter(users::name.ne("secret")).select(users::name).load(&mut connection).unwrap();
    assert_eq!(names, ["Ada", "Grace"]);
    let nobody = users::table.find(7).first::<(i32, String)>(&mut connection);
    assert_eq!(nobody, Err(Error::NotFound));
    diesel::update(users::table).set(users::name.eq("secret")).execute(&mut connection).unwrap();
    diesel::sql_query("DELETE FROM users WHERE name = 'secret'").execute(&mut connection).unwrap();
    otel_actix::suppress(|| connection.batch_execute("SELECT 1")).unwrap();
    drop(attached);
    let select = "SELECT `users`: db.query.summary=SELECT `users` | db.query.text=SELECT";
    assert_eq!(
        lines(&trace),
        [
            format!("{select} `users`.`name` FROM `users` WHERE (`users`.`name` != ?) | db.system.name=sqlite"),
            format!("{select} `users`.`id`, `users`.`name` FROM `users` WHERE (`users`.`id` = ?) LIMIT ? | db.system.name=sqlite"),
            "UPDATE `users`: db.query.summary=UPDATE `users` | db.query.text=UPDATE `users` SET `name` = ? | db.system.name=sqlite".to_owned(),
            "DELETE users: db.query.summary=DELETE users | db.query.text=DELETE FROM users WHERE name = ? | db.system.name=sqlite".to_owned(),
        ]
    );
    let durations = trace.metric("db.client.operation.duration").unwrap();
    assert_eq!((&*durations.unit, durations.points.len()), ("s", 3));
}

#[test]
fn an_error_has_its_class() {
    let (mut connection, trace) = (connect(), TestTrace::start());
    let attached = trace.context().attach();
    let eve = (users::id.eq(1), users::name.eq("Eve"));
    diesel::insert_into(users::table).values(eve).execute(&mut connection).unwrap_err();
    connection.batch_execute("SELECT 'secret").unwrap_err();
    drop(attached);
    assert_eq!(
        lines(&trace),
        [
            "INSERT `users` failed: db.query.summary=INSERT `users` | db.query.text=INSERT INTO `users` (`id`, `name`) VALUES (?, ?) | \
             db.system.name=sqlite | error.type=unique_violation",
            // The text is recorded up to a literal without an end.
            "SELECT failed: db.query.summary=SELECT | db.query.text=SELECT ... | db.system.name=sqlite | error.type=database",
        ]
    );
}

#[test]
fn transactions_are_spans_too() {
    let (mut connection, trace) = (connect(), TestTrace::start());
    let attached = trace.context().attach();
    connection
        .transaction(|connection| {
            diesel::delete(users::table).execute(connection)?;
            connection.transaction::<(), _, _>(|_| Err(Error::RollbackTransaction)).unwrap_err();
            QueryResult::Ok(())
        })
        .unwrap();
    drop(attached);
    let names: Vec<_> = trace.spans().into_iter().map(|span| span.name).collect();
    assert_eq!(names, ["BEGIN", "DELETE `users`", "SAVEPOINT", "ROLLBACK", "COMMIT"]);
}

#[test]
fn a_file_is_the_namespace() {
    connect();
    let trace = TestTrace::start();
    let attached = trace.context().attach();
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("diesel.db");
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    diesel::sql_query("SELECT 1").execute(&mut connection).unwrap();
    drop(attached);
    assert_eq!(
        lines(&trace),
        ["SELECT: db.namespace=diesel.db | db.query.summary=SELECT | db.query.text=SELECT ? | db.system.name=sqlite"]
    );
}

#[test]
fn a_url_is_recorded_for_a_connection_that_has_reported_none() {
    let (mut connection, trace) = (connect(), TestTrace::start());
    connection.set_instrumentation(ClientTelemetry::new().with_url("postgres://me:secret@db/shop"));
    let attached = trace.context().attach();
    diesel::sql_query("SELECT 1").execute(&mut connection).unwrap();
    drop(attached);
    let server = "server.address=db | server.port=5432";
    assert_eq!(
        lines(&trace),
        [format!(
            "SELECT: db.namespace=shop | db.query.summary=SELECT | db.query.text=SELECT ? | db.system.name=postgresql | {server}"
        )]
    );
}

/// Reports no end of the query `SELECT 1`, like a future that is dropped.
struct WithoutAnEnd(ClientTelemetry);

impl Instrumentation for WithoutAnEnd {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let is_dropped = matches!(&event, InstrumentationEvent::FinishQuery { query, .. } if query.to_string().starts_with("SELECT 1"));
        if !is_dropped {
            self.0.on_connection_event(event);
        }
    }
}

#[test]
fn a_query_without_an_end_ends_no_other_query() {
    let (mut connection, trace) = (connect(), TestTrace::start());
    connection.set_instrumentation(WithoutAnEnd(ClientTelemetry::new()));
    let attached = trace.context().attach();
    connection.batch_execute("SELECT 1").unwrap();
    connection.batch_execute("SELECT name FROM users").unwrap();
    connection.batch_execute("SELECT name FROM nowhere").unwrap_err();
    drop(attached);
    let ended = |trace: &TestTrace| trace.spans().into_iter().map(|span| span.name).collect::<Vec<_>>();
    assert_eq!(ended(&trace), ["SELECT users", "SELECT nowhere"]);
    // The span of the query that was dropped ends with the connection, and is no success.
    drop(connection);
    let lines = lines(&trace);
    let is_marked =
        |line: &String| line.starts_with("SELECT failed: ") && line.ends_with(" | error.type=end_not_reported");
    assert_eq!((lines.len(), lines.iter().filter(|line| is_marked(line)).count()), (3, 1), "{lines:?}");
}
