//! The server: two routes that hold their requests. It runs in this test's executable, which is started again for it.
#![allow(clippy::print_stdout, reason = "a program")]

use std::sync::LazyLock;

use actix_web::{App, HttpServer, get, web::Path};
use examples::listen::announce;
use otel_actix::auto_instrument;
use tokio::sync::watch;

use super::GRACE;

/// `true` once standard input has ended: waiting requests are released.
static RELEASED: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Prints that it runs, and answers after the release.
#[get("/held/{number}")]
async fn held(number: Path<usize>) -> &'static str {
    println!("holds {number}");
    // The sender is never dropped.
    let _ = RELEASED.subscribe().wait_for(|released| *released).await;
    "released"
}

/// Prints that it runs, and never answers.
#[get("/stuck/{number}")]
async fn stuck(number: Path<usize>) -> &'static str {
    println!("holds {number}");
    std::future::pending().await
}

#[auto_instrument]
#[actix_web::main]
async fn main() -> std::io::Result<()> {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        RELEASED.send_replace(true);
    });
    let server = HttpServer::new(|| App::new().service(held).service(stuck))
        .workers(2)
        .shutdown_timeout(GRACE)
        .bind("127.0.0.1:0")?;
    announce(&server.addrs());
    server.run().await
}

#[test]
#[ignore = "a program"]
fn program() {
    main().unwrap();
}
