//! Real servers: the processes of the over-the-wire run.

mod cpu;
mod server;
mod sink;
mod steady;

pub use cpu::{leave_first, take_first};
pub use server::serve;
pub use sink::sink;
pub use steady::{Answers, Steady, send_steadily};

/// The first argument of a process that is a server. Its first line of output is its port, its last one is the time
/// that its threads ran until then, in nanoseconds. It ends when its input does.
pub const SERVER: &str = "server";

/// The first argument of the process that receives the exports of servers. Its first line of output is its port. For
/// each line of input it prints the number of spans that have arrived since the last one.
pub const SINK: &str = "sink";
