//! The proxy that the environment names for an endpoint.
//!
//! `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, also in lower case, with the rules of `curl`. A collector
//! on this machine is reached directly, as programs in Go do, so that exports and their keys do not go to the proxy.

use std::env;
use std::net::IpAddr;

use http::Uri;
use http::header::HeaderValue;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};

/// A proxy, and the variable that names it.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    intercept: Intercept,
    pub(super) variable: &'static str,
}

impl Proxy {
    /// Returns `None` if `endpoint` is to be reached directly.
    pub(super) fn for_endpoint(endpoint: &Uri) -> Option<Self> {
        if endpoint.host().is_none_or(is_this_machine) {
            return None;
        }
        let intercept = Matcher::from_env().intercept(endpoint)?;
        let own = if endpoint.scheme_str() == Some("https") {
            ["HTTPS_PROXY", "https_proxy"]
        } else {
            ["HTTP_PROXY", "http_proxy"]
        };
        let mut variables = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
        let variable = variables.find(|variable| env::var_os(variable).is_some_and(|value| !value.is_empty()));
        Some(Self { intercept, variable: variable.unwrap_or("ALL_PROXY") })
    }

    pub(super) fn uri(&self) -> &Uri {
        self.intercept.uri()
    }

    /// The value of `Proxy-Authorization`, if the variable has credentials.
    pub(super) fn authorization(&self) -> Option<HeaderValue> {
        let mut value = self.intercept.basic_auth()?.clone();
        value.set_sensitive(true);
        Some(value)
    }
}

/// Returns `true` if a URL's host is this machine itself.
fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost")
        || bare.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_this_machine() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.example", "collector", "10.0.0.1", "[::2]", "128.0.0.1", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
