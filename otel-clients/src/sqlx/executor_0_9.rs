//! Executors: the trait by which `sqlx` sends a query. `prepare_with` runs no query, so it has no span.

use std::ops::DerefMut;
use std::sync::Arc;

use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

use super::call::{TracedRows, traced};
use super::connection::TracedConnection;
use super::pool::TracedPool;
use super::query::with_text;
use super::sqlx_core::Either;
use super::sqlx_core::database::Database;
use super::sqlx_core::error::Error;
use super::sqlx_core::executor::{Execute, Executor};
use super::sqlx_core::sql_str::SqlStr;

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
        let (server, (sql, query)) = (Arc::clone(&self.server), with_text::<DB, _>(query));
        Box::pin(TracedRows::new(server, sql, (&self.pool).fetch_many(query)))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (server, (sql, query)) = (Arc::clone(&self.server), with_text::<DB, _>(query));
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
        let (server, (sql, query)) = (Arc::clone(&self.server), with_text::<DB, _>(query));
        Box::pin(TracedRows::new(server, sql, (&mut *self.connection).fetch_many(query)))
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Option<DB::Row>, Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, DB>,
    {
        let (server, (sql, query)) = (Arc::clone(&self.server), with_text::<DB, _>(query));
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
