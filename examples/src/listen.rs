//! The address of the example servers.

use std::{env, net::SocketAddr};

/// Environment variable with the address to listen on, `host:port`. Port 0 asks the system for a free one.
pub const ADDRESS_VARIABLE: &str = "SERVER_ADDRESS";

/// The text before the address that a server prints.
pub const ANNOUNCEMENT: &str = "listening on http://";

/// The address to listen on: `SERVER_ADDRESS`, or `127.0.0.1:8082`.
#[must_use]
pub fn address() -> String {
    env::var(ADDRESS_VARIABLE).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| "127.0.0.1:8082".to_owned())
}

/// Prints the addresses of a server, one per line: with port 0 they are not known before.
pub fn announce(addresses: &[SocketAddr]) {
    for address in addresses {
        println!("{ANNOUNCEMENT}{address}");
    }
}
