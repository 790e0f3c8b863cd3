//! Executors: the trait by which `sqlx` sends a query. `prepare_with` runs no query, so it has no span.

use std::ops::DerefMut;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

use super::call::{Sql, TracedRows, traced};
use super::pool::{TracedConnection, TracedPool};
use super::sqlx_core::Either;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::{BoxDynError, Error};
use super::sqlx_core::executor::{Execute, Executor};
use super::sqlx_core::sql_str::SqlStr;
use super::sqlx_core::statement::Statement as _;

impl Sql for SqlStr {
    fn text(&self) -> &str {
        self.as_str()
    }
}

impl Sql for &'static str {
    fn text(&self) -> &str {
        self
    }
}

/// A query and its text: `sqlx` moves the text out together with the query.
struct Query<DB: Database> {
    sql: SqlStr,
    statement: Option<DB::Statement>,
    arguments: Option<Result<DB::Arguments, BoxDynError>>,
    is_persistent: bool,
}

impl<DB: Database> Query<DB> {
    fn of<'q>(mut query: impl Execute<'q, DB>) -> Self {
        let statement = query.statement().cloned();
        let arguments = query.take_arguments().transpose();
        let is_persistent = query.persistent();
        let sql = match &statement {
            Some(statement) => statement.sql().clone(),
            None => query.sql(),
        };
        Self { sql, statement, arguments, is_persistent }
    }
}

impl<DB: Database> Execute<'_, DB> for Query<DB> {
    fn sql(self) -> SqlStr {
        self.sql
    }

    fn statement(&self) -> Option<&DB::Statement> {
        self.statement.as_ref()
    }

    fn take_arguments(&mut self) -> Result<Option<DB::Arguments>, BoxDynError> {
        self.arguments.take().transpose()
    }

    fn persistent(&self) -> bool {
        self.is_persistent
    }
}

impl<'p, DB: Database> Executor<'p> for &'_ TracedPool<DB>
where
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<DB::QueryResult, DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Query::<DB>::of(query);
        let (server, sql) = (Arc::clone(&self.server), query.sql.clone());
        Box::pin(TracedRows::new(server, sql, (&self.pool).fetch_many(query)))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Query::<DB>::of(query);
        let (server, sql) = (Arc::clone(&self.server), query.sql.clone());
        traced(server, sql, |row| Some(row.is_some().into()), (&self.pool).fetch_optional(query))
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, Result<DB::Statement, Error>>
    where
        'p: 'e,
    {
        (&self.pool).prepare_with(sql, parameters)
    }
}

impl<'c, DB, C> Executor<'c> for &'c mut TracedConnection<DB, C>
where
    DB: Database,
    C: DerefMut<Target = DB::Connection> + Send,
    for<'x> &'x mut DB::Connection: Executor<'x, Database = DB>,
{
    type Database = DB;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Either<DB::QueryResult, DB::Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Query::<DB>::of(query);
        let (server, sql) = (Arc::clone(&self.server), query.sql.clone());
        Box::pin(TracedRows::new(server, sql, (&mut *self.connection).fetch_many(query)))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let query = Query::<DB>::of(query);
        let (server, sql) = (Arc::clone(&self.server), query.sql.clone());
        traced(server, sql, |row| Some(row.is_some().into()), (&mut *self.connection).fetch_optional(query))
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [DB::TypeInfo],
    ) -> BoxFuture<'e, Result<DB::Statement, Error>>
    where
        'c: 'e,
    {
        (&mut *self.connection).prepare_with(sql, parameters)
    }
}
