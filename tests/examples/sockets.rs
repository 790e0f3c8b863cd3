//! A server on a TCP socket, on one with TLS, and on a Unix domain socket. The first two speak HTTP/2 as well.
//!
//! `cargo otel` builds this file without the attribute, see `tests/zero_code/sockets.rs`.
#![allow(clippy::print_stdout, reason = "the test reads the addresses")]

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use actix_web::{App, HttpServer, web};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

#[otel_actix::auto_instrument]
#[actix_web::main]
async fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::var_os("FOLDER").ok_or(io::ErrorKind::NotFound)?);
    rustls::crypto::ring::default_provider().install_default().map_err(|_| io::ErrorKind::AlreadyExists)?;
    let app = || App::new().route("/users/{id}", web::get().to(user));
    let server =
        HttpServer::new(app).workers(1).bind_auto_h2c("127.0.0.1:0")?.bind_rustls_0_23("127.0.0.1:0", tls(&folder)?)?;
    #[cfg(unix)]
    let server = server.bind_uds(folder.join("socket"))?;
    for (address, scheme) in server.addrs_with_scheme() {
        println!("listening on {scheme}://{address}");
    }
    server.run().await
}

async fn user(id: web::Path<u32>) -> String {
    format!("user {id}")
}

fn tls(folder: &Path) -> io::Result<ServerConfig> {
    let certificate = fs::read(folder.join("certificate"))?.into();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(fs::read(folder.join("key"))?));
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    config.map_err(io::Error::other)
}
