//! Commands on blocking connections.

use std::slice;

use redis_1::{Cmd, ConnectionLike, RedisResult, Value};

use super::call::Commands;
use super::command::{Command, PackedCommands};
use super::connection::TracedConnection;
use super::error::end;

impl<C: ConnectionLike> ConnectionLike for TracedConnection<C> {
    fn req_packed_command(&mut self, packed: &[u8]) -> RedisResult<Value> {
        let Some(command) = PackedCommands::new(packed).next() else {
            return self.connection.req_packed_command(packed);
        };
        self.call(Commands::One(command), |connection| connection.req_packed_command(packed))
    }

    fn req_packed_commands(&mut self, packed: &[u8], offset: usize, count: usize) -> RedisResult<Vec<Value>> {
        let span = self.start(self.connection.get_db(), Commands::Packed(packed));
        let result = {
            let _attached = span.attach();
            self.connection.req_packed_commands(packed, offset, count)
        };
        end(span, result.as_ref());
        result
    }

    fn req_command(&mut self, command: &Cmd) -> RedisResult<Value> {
        self.call(Commands::One(Command::of(command)), |connection| connection.req_command(command))
    }

    fn get_db(&self) -> i64 {
        self.connection.get_db()
    }

    fn supports_pipelining(&self) -> bool {
        self.connection.supports_pipelining()
    }

    fn check_connection(&mut self) -> bool {
        self.connection.check_connection()
    }

    fn is_open(&self) -> bool {
        self.connection.is_open()
    }
}

impl<C: ConnectionLike> TracedConnection<C> {
    fn call(&mut self, commands: Commands<'_>, send: impl FnOnce(&mut C) -> RedisResult<Value>) -> RedisResult<Value> {
        let span = self.start(self.connection.get_db(), commands);
        let result = {
            let _attached = span.attach();
            send(&mut self.connection)
        };
        end(span, result.as_ref().map(slice::from_ref));
        result
    }
}
