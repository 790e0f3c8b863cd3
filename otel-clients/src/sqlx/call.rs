//! A query while it runs.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use otel_core::client::DatabaseSpan;
use otel_core::config::ClientLibrary;

use super::error::fail;
use super::sqlx_core::Either;
use super::sqlx_core::error::Error;
use crate::database_server::DatabaseServer;

/// The text of a query, in the type of a version of `sqlx`.
pub(super) trait Sql: Send + Unpin {
    /// The text.
    fn text(&self) -> &str;
}

/// Runs a query with one result in a span.
pub(super) fn traced<'e, T: Send + 'e>(
    server: Arc<DatabaseServer>,
    sql: impl Sql + 'e,
    count: fn(&T) -> Option<u64>,
    future: BoxFuture<'e, Result<T, Error>>,
) -> BoxFuture<'e, Result<T, Error>> {
    Box::pin(async move {
        let mut span = server.start(ClientLibrary::Sqlx, sql.text());
        let result = span.run(future).await;
        match &result {
            Ok(value) => {
                if let Some(rows) = count(value) {
                    span.set_returned_rows(rows);
                }
                span.end();
            }
            Err(error) => fail(span, &server, error),
        }
        result
    })
}

/// A query that answers with rows and results, and has a span from its first poll to its end.
pub(super) struct TracedRows<'e, S, Q, R> {
    server: Arc<DatabaseServer>,
    state: QueryState<S>,
    rows: BoxStream<'e, Result<Either<Q, R>, Error>>,
}

enum QueryState<S> {
    /// The query has not been sent: streams do nothing before they are polled.
    Waiting(S),
    Running(DatabaseSpan, u64),
    Ended,
}

impl<'e, S, Q, R> TracedRows<'e, S, Q, R> {
    pub(super) fn new(server: Arc<DatabaseServer>, sql: S, rows: BoxStream<'e, Result<Either<Q, R>, Error>>) -> Self {
        Self { server, state: QueryState::Waiting(sql), rows }
    }
}

impl<S: Sql, Q, R> Stream for TracedRows<'_, S, Q, R> {
    type Item = Result<Either<Q, R>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let QueryState::Waiting(sql) = &this.state {
            this.state = QueryState::Running(this.server.start(ClientLibrary::Sqlx, sql.text()), 0);
        }
        let QueryState::Running(span, returned) = &mut this.state else { return this.rows.as_mut().poll_next(cx) };
        let item = {
            let _attached = span.attach();
            ready!(this.rows.as_mut().poll_next(cx))
        };
        match &item {
            Some(Ok(Either::Right(_))) => {
                *returned += 1;
                // The application may drop the stream before its end.
                span.set_returned_rows(*returned);
            }
            Some(Ok(Either::Left(_))) => {}
            Some(Err(error)) => {
                if let QueryState::Running(span, _) = std::mem::replace(&mut this.state, QueryState::Ended) {
                    fail(span, &this.server, error);
                }
            }
            None => {
                if let QueryState::Running(mut span, returned) = std::mem::replace(&mut this.state, QueryState::Ended) {
                    span.set_returned_rows(returned);
                    span.end();
                }
            }
        }
        Poll::Ready(item)
    }
}
