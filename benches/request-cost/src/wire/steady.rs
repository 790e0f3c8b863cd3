//! Requests at a steady rate, whatever the server does.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::measure::Result;

/// Time between two volleys of requests.
const INTERVAL: Duration = Duration::from_millis(1);

/// Delays up to this length are caught up.
const LONGEST_DELAY: Duration = Duration::from_millis(10);

/// A load: each millisecond one request on each of so many connections. Each request is a trace of its own.
#[derive(Clone, Copy, Debug)]
pub struct Steady {
    /// Connections, and so thousands of requests per second.
    pub connections: usize,
    /// Volleys before those whose answers are timed.
    pub warm_up: usize,
    /// Volleys whose answers are timed.
    pub volleys: usize,
}

/// The answers to a load.
#[derive(Debug)]
pub struct Answers {
    /// The time that each took, in microseconds and in ascending order.
    pub times: Vec<f64>,
    /// Requests per second.
    pub rate: f64,
}

/// Sends requests to a server on this machine. The time of an answer begins when the request was due: a server that holds
/// up the next volley pays for it. After a pause longer than `LONGEST_DELAY` the load starts anew, with a lower rate:
/// on a machine that is busy with other programs, one pause must not count for all requests behind it.
///
/// # Errors
///
/// The server does not answer, or not with 200.
pub fn send_steadily(port: u16, load: Steady) -> Result<Answers> {
    let connect = || {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok::<_, std::io::Error>(stream)
    };
    let mut streams = (0..load.connections).map(|_| connect()).collect::<std::io::Result<Vec<_>>>()?;
    let request = format!(
        "GET /users/42 HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) bench/1.0\r\n\r\n"
    );
    let mut times = Vec::with_capacity(load.volleys * load.connections);
    let mut due = Instant::now();
    let mut start = due;
    for volley in 0..load.warm_up + load.volleys {
        if volley == load.warm_up {
            start = Instant::now();
        }
        due += INTERVAL;
        if due.elapsed() > LONGEST_DELAY {
            due = Instant::now();
        }
        thread::sleep(due.saturating_duration_since(Instant::now()));
        for stream in &mut streams {
            stream.write_all(request.as_bytes())?;
        }
        for stream in &mut streams {
            read_answer(stream)?;
            if volley >= load.warm_up {
                times.push(due.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    times.sort_unstable_by(f64::total_cmp);
    let rate = per_second(times.len(), seconds);
    Ok(Answers { times, rate })
}

#[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
fn per_second(count: usize, seconds: f64) -> f64 {
    count as f64 / seconds
}

/// Reads one answer, whose body is JSON of one object.
fn read_answer(stream: &mut TcpStream) -> Result<()> {
    let mut bytes = [0; 1024];
    let mut length = 0;
    loop {
        let count = stream.read(&mut bytes[length..])?;
        length += count;
        let answer = &bytes[..length];
        match (count, answer.ends_with(b"}")) {
            (0, _) => return Err("the server has closed the connection".into()),
            (_, false) => {}
            (_, true) if answer.starts_with(b"HTTP/1.1 200 ") => return Ok(()),
            (_, true) => return Err(String::from_utf8_lossy(answer).into_owned().into()),
        }
    }
}
