//! OTLP over gRPC, on a tokio runtime of its own: the application's runtime may be busy, single-threaded, already gone,
//! or missing.

use std::time::Duration;

use http::uri::PathAndQuery;
use tokio::runtime::Builder;
use tonic::metadata::MetadataMap;
#[cfg(feature = "_tls")]
use tonic::transport::{Certificate, ClientTlsConfig, Identity};
use tonic::transport::{Channel, Endpoint};

use super::signal_path::SignalPath;
use crate::config::OtlpSettings;
use crate::exporter::otlp::{OtlpGrpcService, OtlpService};
#[cfg(feature = "_tls")]
use crate::exporter::pem;
use crate::exporter::retry::RetryBudget;
use crate::exporter::{USER_AGENT, cause, otlp_headers};
use crate::logs::GRPC_THREAD;
#[cfg(feature = "_tls")]
use crate::self_log;

/// The service of a signal, and the time for further attempts.
///
/// # Errors
///
/// If the system has no more threads, or the certificates do not fit. The error does not show the endpoint, whose path
/// may hold a token.
pub(super) fn service(
    otlp: &OtlpSettings,
    timeout: Duration,
    signal: SignalPath,
) -> Result<(Box<dyn OtlpService>, RetryBudget), String> {
    let runtime = Builder::new_multi_thread().worker_threads(1).thread_name(GRPC_THREAD).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let channel = {
        let _inside = runtime.enter();
        channel(otlp).map_err(|error| cause::innermost(&error))?
    };
    let method = PathAndQuery::from_static(signal.grpc);
    let metadata = MetadataMap::from_headers(otlp_headers::configured(otlp));
    let service = OtlpGrpcService::new(method, channel, runtime, metadata, otlp.compression, timeout);
    let budget = service.budget();
    Ok((Box::new(service), budget))
}

/// A channel that connects when it is first used.
fn channel(otlp: &OtlpSettings) -> Result<Channel, tonic::transport::Error> {
    let endpoint = Endpoint::from_shared(otlp.origin())?.user_agent(USER_AGENT)?;
    #[cfg(feature = "_tls")]
    let endpoint = if otlp.is_encrypted() { endpoint.tls_config(tls(otlp))? } else { endpoint };
    Ok(endpoint.connect_lazy())
}

/// The authorities that the client trusts, and the certificate that it presents.
#[cfg(feature = "_tls")]
fn tls(otlp: &OtlpSettings) -> ClientTlsConfig {
    let mut tls = ClientTlsConfig::new();
    match pem::authorities(otlp) {
        Ok(Some(authorities)) => tls = tls.ca_certificate(Certificate::from_pem(authorities)),
        Ok(None) => tls = tls.with_native_roots(),
        Err(problem) => {
            self_log::warn_once(&problem);
            tls = tls.with_native_roots();
        }
    }
    match pem::client(otlp) {
        Ok(Some((certificate, key))) => tls = tls.identity(Identity::from_pem(certificate, key)),
        Ok(None) => {}
        Err(problem) => self_log::warn_once(&problem),
    }
    tls
}
