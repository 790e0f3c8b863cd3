//! New connections: directly or by a proxy, with TLS or without.

use http::header::{HOST, PROXY_AUTHORIZATION};
use http::{Request, Uri};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::failure::AttemptFailure;
use super::proxy::Proxy;
use super::stream::{Stream, handshake};
#[cfg(feature = "_tls")]
use super::tls::Tls;
use crate::config::OtlpSettings;

/// Opens connections to one endpoint.
#[derive(Debug)]
pub(super) struct Connector {
    endpoint: Uri,
    proxy: Option<Proxy>,
    #[cfg(feature = "_tls")]
    tls: Tls,
}

impl Connector {
    /// `settings` names the certificates of TLS.
    #[cfg_attr(not(feature = "_tls"), expect(unused_variables, reason = "there is no TLS in this build"))]
    pub(super) fn new(endpoint: Uri, settings: &OtlpSettings) -> Self {
        Self {
            proxy: Proxy::for_endpoint(&endpoint),
            endpoint,
            #[cfg(feature = "_tls")]
            tls: Tls::new(settings),
        }
    }

    pub(super) const fn endpoint(&self) -> &Uri {
        &self.endpoint
    }

    pub(super) const fn proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Returns the proxy if it receives the requests themselves. A proxy that tunnels only passes bytes on.
    pub(super) fn forwarding_proxy(&self) -> Option<&Proxy> {
        self.proxy.as_ref().filter(|_| !is_https(&self.endpoint))
    }

    /// Opens a connection that takes requests to the endpoint.
    pub(super) async fn connect(&self) -> Result<Box<dyn Stream>, AttemptFailure> {
        let stream = match &self.proxy {
            None => tcp(&self.endpoint).await?,
            Some(proxy) => self.connect_to_proxy(proxy).await?,
        };
        if is_https(&self.endpoint) { self.encrypt(stream).await } else { Ok(stream) }
    }

    async fn connect_to_proxy(&self, proxy: &Proxy) -> Result<Box<dyn Stream>, AttemptFailure> {
        let stream = match proxy.uri().scheme_str() {
            Some("http") => tcp(proxy.uri()).await?,
            Some("https") => self.encrypt_to_proxy(tcp(proxy.uri()).await?, proxy.uri()).await?,
            _ => return Err(AttemptFailure::lasting("only proxies that start with http:// or https:// are supported")),
        };
        if is_https(&self.endpoint) { tunnel(stream, proxy, &self.endpoint).await } else { Ok(stream) }
    }

    #[cfg(feature = "_tls")]
    async fn encrypt(&self, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, AttemptFailure> {
        self.tls.connect(host(&self.endpoint), stream).await
    }

    #[cfg(feature = "_tls")]
    /// Encrypts with the system's authorities: the configured ones are the collector's.
    async fn encrypt_to_proxy(&self, stream: Box<dyn Stream>, proxy: &Uri) -> Result<Box<dyn Stream>, AttemptFailure> {
        Tls::default().connect(host(proxy), stream).await
    }

    #[cfg(not(feature = "_tls"))]
    #[expect(clippy::unused_async, reason = "there is no TLS in this build")]
    async fn encrypt(&self, _: Box<dyn Stream>) -> Result<Box<dyn Stream>, AttemptFailure> {
        Err(AttemptFailure::lasting(NO_TLS))
    }

    #[cfg(not(feature = "_tls"))]
    async fn encrypt_to_proxy(&self, stream: Box<dyn Stream>, _: &Uri) -> Result<Box<dyn Stream>, AttemptFailure> {
        self.encrypt(stream).await
    }
}

#[cfg(not(feature = "_tls"))]
const NO_TLS: &str = "this build has no TLS: turn on the cargo feature `tls-ring` or `tls-aws-lc`";

fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

/// The host without the brackets of an IPv6 address.
fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if is_https(uri) { 443 } else { 80 })
}

async fn tcp(uri: &Uri) -> Result<Box<dyn Stream>, AttemptFailure> {
    let stream =
        TcpStream::connect((host(uri), port(uri))).await.map_err(|error| AttemptFailure::of_connecting(&error))?;
    // A request is written at once, so waiting for more of it would only delay it.
    let _ = stream.set_nodelay(true);
    Ok(Box::new(stream))
}

/// Asks a proxy for a connection to the endpoint ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#name-connect)), so
/// that the proxy cannot read the requests.
async fn tunnel(stream: Box<dyn Stream>, proxy: &Proxy, endpoint: &Uri) -> Result<Box<dyn Stream>, AttemptFailure> {
    let failed = |error: hyper::Error| AttemptFailure::temporary(crate::exporter::cause::innermost(&error));
    let mut sender = handshake(stream).await.map_err(failed)?;
    let authority = format!("{}:{}", endpoint.host().unwrap_or_default(), port(endpoint));
    let mut request = Request::connect(&authority).header(HOST, &authority);
    if let Some(authorization) = proxy.authorization() {
        request = request.header(PROXY_AUTHORIZATION, authorization);
    }
    let request = request.body(Full::default()).map_err(|error| AttemptFailure::lasting(error.to_string()))?;
    let answer = sender.send_request(request).await.map_err(failed)?;
    if !answer.status().is_success() {
        let reason = format!("the proxy refuses the connection with status code: {}", answer.status().as_u16());
        let is_temporary = answer.status().is_server_error();
        return Err(if is_temporary { AttemptFailure::temporary(reason) } else { AttemptFailure::lasting(reason) });
    }
    let upgraded = hyper::upgrade::on(answer).await.map_err(failed)?;
    Ok(Box::new(TokioIo::new(upgraded)))
}
