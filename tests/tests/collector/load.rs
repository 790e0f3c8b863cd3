//! Many requests at once, and the time of the slowest one.

use std::{
    net::SocketAddr,
    ops::Range,
    time::{Duration, Instant},
};

use examples::compare::Failure;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    task::JoinSet,
};

/// Connections that are used at the same time.
const CONNECTIONS: usize = 8;

/// The path of a request.
pub(crate) fn path(number: usize) -> String {
    format!("/users/{number}")
}

/// Sends a request for each number. Returns the longest time that an answer took.
///
/// # Errors
///
/// If an answer is not 200, or there is none.
pub(crate) async fn load(server: SocketAddr, numbers: Range<usize>) -> Result<Duration, Failure> {
    let mut connections = JoinSet::new();
    for first in 0..CONNECTIONS {
        let numbers = numbers.clone().skip(first).step_by(CONNECTIONS);
        connections.spawn(async move {
            let mut stream = BufReader::new(TcpStream::connect(server).await?);
            let mut slowest = Duration::ZERO;
            for number in numbers {
                let started = Instant::now();
                let status = get(&mut stream, &path(number)).await?;
                if !status.starts_with("HTTP/1.1 200 ") {
                    return Err(Failure::from(format!("{number}: {status}")));
                }
                slowest = slowest.max(started.elapsed());
            }
            Ok(slowest)
        });
    }
    let mut slowest = Duration::ZERO;
    while let Some(connection) = connections.join_next().await {
        slowest = slowest.max(connection??);
    }
    Ok(slowest)
}

/// Sends a request and reads the answer to its end. Returns its first line.
pub(crate) async fn get(stream: &mut BufReader<TcpStream>, path: &str) -> Result<String, Failure> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n").as_bytes()).await?;
    let mut status = String::new();
    stream.read_line(&mut status).await?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? <= "\r\n".len() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(status)
}
