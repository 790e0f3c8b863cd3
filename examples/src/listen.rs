//! Where the example servers listen, and how they tell.

use std::{env, net::SocketAddr};

/// Environment variable with the address to listen on, `host:port`. Port 0 asks the system for a free one.
pub const ADDRESS_VARIABLE: &str = "SERVER_ADDRESS";

/// What a server prints before the address it listens on.
pub const ANNOUNCEMENT: &str = "listening on http://";

/// The address to listen on: `SERVER_ADDRESS`, or `127.0.0.1:8082`.
#[must_use]
pub fn address() -> String {
    env::var(ADDRESS_VARIABLE).ok().filter(|value| !value.is_empty()).unwrap_or_else(|| "127.0.0.1:8082".to_owned())
}

/// Prints the addresses a server has bound, one per line: with port 0 nobody else knows them.
pub fn announce(addresses: &[SocketAddr]) {
    for address in addresses {
        println!("{ANNOUNCEMENT}{address}");
    }
}
