//! An application on a socket: one worker and the exporting threads, on a processor of their own.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::thread;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::rt::System;
use actix_web::{App, Error, HttpServer};

use super::cpu::take_first;
use crate::app::Shape;
use crate::clock::process_time;
use crate::measure::Result;
use crate::variant::{AppUser, Export, Variant};

/// Serves until the input ends. Prints the port at the beginning, and the time that all threads ran at the end.
///
/// # Errors
///
/// If the server cannot be started.
pub fn serve(variant: Variant, export: Export) -> Result<()> {
    // All threads of this process from now on. If it cannot be bound, the driver failed as well, and reported it.
    drop(take_first());
    let installed = variant.install(export)?;
    let before = System::new().block_on(async {
        let (server, address) = variant.with_app(Shape::PLAIN, OnSocket)?;
        let handle = server.handle();
        thread::spawn(move || {
            let ended = io::copy(&mut io::stdin(), &mut io::sink());
            drop(ended);
            // The future only waits for the end; the server has the request to stop already.
            drop(handle.stop(true));
        });
        writeln!(io::stdout(), "{}", address.port())?;
        let before = process_time();
        server.await?;
        Ok::<_, Box<dyn std::error::Error>>(before)
    })?;
    // Exports the rest, which is part of the cost.
    drop(installed);
    writeln!(io::stdout(), "{}", process_time().saturating_sub(before))?;
    Ok(())
}

/// Serves the app on a port that the system chooses.
struct OnSocket;

impl AppUser for OnSocket {
    type Output = io::Result<(Server, SocketAddr)>;

    fn with<F, T, B>(self, factory: F) -> Self::Output
    where
        F: Fn() -> App<T> + Clone + Send + 'static,
        T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
            + 'static,
        B: MessageBody + 'static,
    {
        let server = HttpServer::new(factory).workers(1).disable_signals().bind(("127.0.0.1", 0))?;
        let address = server.addrs().first().copied().ok_or_else(|| io::Error::other("bound to nothing"))?;
        Ok((server.run(), address))
    }
}
