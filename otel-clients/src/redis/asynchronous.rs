//! Commands on asynchronous connections.

use std::slice;

use redis_1::aio::ConnectionLike;
use redis_1::{Cmd, Pipeline, RedisFuture, Value};

use super::call::Commands;
use super::command::Command;
use super::connection::TracedConnection;
use super::error::end;

impl<C: ConnectionLike + Send> ConnectionLike for TracedConnection<C> {
    fn req_packed_command<'a>(&'a mut self, command: &'a Cmd) -> RedisFuture<'a, Value> {
        let database = self.connection.get_db();
        Box::pin(async move {
            let span = self.start(database, Commands::One(Command::of(command)));
            let result = span.run(self.connection.req_packed_command(command)).await;
            end(span, result.as_ref().map(slice::from_ref));
            result
        })
    }

    fn req_packed_commands<'a>(
        &'a mut self,
        pipeline: &'a Pipeline,
        offset: usize,
        count: usize,
    ) -> RedisFuture<'a, Vec<Value>> {
        let database = self.connection.get_db();
        Box::pin(async move {
            let span = self.start(database, Commands::Pipeline(pipeline));
            let result = span.run(self.connection.req_packed_commands(pipeline, offset, count)).await;
            end(span, result.as_ref());
            result
        })
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }
}
