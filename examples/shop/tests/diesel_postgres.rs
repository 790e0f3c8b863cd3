//! Queries by `diesel` to a real `PostgreSQL` server: their spans.
#![allow(missing_docs, reason = "the macro of a table makes public items")]

mod support;

use diesel::connection::SimpleConnection as _;
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use otel_actix::clients::diesel_2;
use otel_actix::testing::TestTrace;
use support::{Postgres, lines, lines_without};

diesel::table! {
    users (id) {
        id -> Integer,
        name -> Text,
    }
}

fn connect(server: &Postgres) -> PgConnection {
    diesel_2::install();
    let mut connection = PgConnection::establish(&server.url()).unwrap();
    connection.batch_execute("CREATE TABLE users (id INT PRIMARY KEY, name TEXT NOT NULL)").unwrap();
    connection
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_span_has_the_server_and_the_class_of_an_error() {
    let server = Postgres::start();
    let (mut connection, trace) = (connect(&server), TestTrace::start());
    let attached = trace.context().attach();
    let rows = vec![(users::id.eq(1), users::name.eq("secret")), (users::id.eq(2), users::name.eq("Grace"))];
    diesel::insert_into(users::table).values(&rows).execute(&mut connection).unwrap();
    diesel::insert_into(users::table).values(&rows[0]).execute(&mut connection).unwrap_err();
    let names = || users::table.select(users::name).filter(users::id.eq_any([1, 2])).order(users::id);
    assert_eq!(names().load::<String>(&mut connection).unwrap(), ["secret", "Grace"]);
    let mut one_by_one = names().load_iter::<String, PgRowByRowLoadingMode>(&mut connection).unwrap();
    assert_eq!(one_by_one.next().unwrap().unwrap(), "secret");
    drop(one_by_one);
    diesel::sql_query("SELEC 'secret'").execute(&mut connection).unwrap_err();
    drop(attached);
    drop(connection);
    let server = format!(" | server.address=127.0.0.1 | server.port={}", server.port);
    let lines = lines_without(&trace, &[&server, " | db.system.name=postgresql", "db.namespace=postgres | "]);
    let text = "SELECT \"users\".\"name\" FROM \"users\" WHERE (\"users\".\"id\" = ANY($1)) ORDER BY \"users\".\"id\"";
    let select = format!("SELECT \"users\": db.query.summary=SELECT \"users\" | db.query.text={text}");
    assert_eq!(
        lines,
        [
            "INSERT \"users\": db.query.summary=INSERT \"users\" | \
             db.query.text=INSERT INTO \"users\" (\"id\", \"name\") VALUES ($1, $2), ($3, $4)",
            "INSERT \"users\" failed: db.query.summary=INSERT \"users\" | \
             db.query.text=INSERT INTO \"users\" (\"id\", \"name\") VALUES ($1, $2) | error.type=unique_violation",
            &select,
            &select,
            "SELEC failed: db.query.summary=SELEC | db.query.text=SELEC ? | error.type=database",
        ]
    );
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_server_that_is_gone_is_a_closed_connection() {
    let server = Postgres::start();
    let mut connection = connect(&server);
    drop(server);
    let trace = TestTrace::start();
    let attached = trace.context().attach();
    diesel::sql_query("SELECT 1").execute(&mut connection).unwrap_err();
    drop(attached);
    let line = lines(&trace).pop().unwrap();
    assert!(line.starts_with("SELECT failed: ") && line.contains(" | error.type=connection_closed"), "{line}");
}
