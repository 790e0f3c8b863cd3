//! The authorities that the HTTP client trusts, and the certificate that it presents.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::failure::AttemptFailure;
use super::stream::Stream;
use crate::config::{ConfiguredFile, OtlpSettings, Problem};
use crate::exporter::pem;
use crate::self_log;

/// A certificate chain and its key.
type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The configured certificates, and the configuration that is built from them for the first connection: reading the
/// system's certificates takes longer than the rest of start-up.
#[derive(Default)]
pub(super) struct Tls {
    authorities: Option<RootCertStore>,
    identity: Option<Identity>,
    connector: OnceLock<Result<TlsConnector, String>>,
}

impl Tls {
    /// Reads the configured files. A file that cannot be used is reported, and connections that need it fail: a missing
    /// authority is never replaced by trusting everybody.
    pub(super) fn new(settings: &OtlpSettings) -> Self {
        let reported = |problem: Problem| self_log::warn_once(&problem);
        Self {
            authorities: authorities(settings).map_err(reported).ok().flatten(),
            identity: identity(settings).map_err(reported).ok().flatten(),
            connector: OnceLock::new(),
        }
    }

    /// Encrypts a stream to `host`.
    pub(super) async fn connect(&self, host: &str, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, AttemptFailure> {
        let connector = self.connector.get_or_init(|| self.connector());
        let connector = connector.as_ref().map_err(|reason| AttemptFailure::lasting(reason.as_str()))?;
        let name = ServerName::try_from(host.to_owned()).map_err(|error| AttemptFailure::lasting(error.to_string()))?;
        let stream = connector.connect(name, stream).await.map_err(|error| AttemptFailure::of_connecting(&error))?;
        Ok(Box::new(stream))
    }

    fn connector(&self) -> Result<TlsConnector, String> {
        let authorities = match &self.authorities {
            Some(authorities) => authorities.clone(),
            None => of_the_system()?,
        };
        let builder = builder().map_err(|error| error.to_string())?.with_root_certificates(authorities);
        let config = match &self.identity {
            Some((chain, key)) => builder
                .with_client_auth_cert(chain.clone(), key.clone_key())
                .map_err(|error| format!("the client certificate cannot be used: {error}"))?,
            None => builder.with_no_client_auth(),
        };
        Ok(TlsConnector::from(Arc::new(config)))
    }
}

/// Builds with the provider that our cargo feature names. The default provider of the process belongs to the
/// application: it is neither used nor set.
fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(Arc::new(provider())).with_safe_default_protocol_versions()
}

#[cfg(feature = "tls-ring")]
fn provider() -> CryptoProvider {
    rustls::crypto::ring::default_provider()
}

#[cfg(not(feature = "tls-ring"))]
fn provider() -> CryptoProvider {
    rustls::crypto::aws_lc_rs::default_provider()
}

fn of_the_system() -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    let (added, _) = store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        return Err("the system has no certificates to trust: set OTEL_EXPORTER_OTLP_CERTIFICATE".to_owned());
    }
    Ok(store)
}

fn authorities(settings: &OtlpSettings) -> Result<Option<RootCertStore>, Problem> {
    let (Some(content), Some(file)) = (pem::authorities(settings)?, &settings.certificate) else { return Ok(None) };
    let mut store = RootCertStore::empty();
    for certificate in certificates(&content, file, pem::SYSTEM)? {
        store.add(certificate).map_err(|_| pem::problem(file, "a certificate that cannot be used", pem::SYSTEM))?;
    }
    Ok(Some(store))
}

fn identity(settings: &OtlpSettings) -> Result<Option<Identity>, Problem> {
    let Some((chain, key)) = pem::client(settings)? else { return Ok(None) };
    let (Some(chain_file), Some(key_file)) = (&settings.client_certificate, &settings.client_key) else {
        return Ok(None);
    };
    let chain = certificates(&chain, chain_file, pem::ANONYMOUS)?;
    let key = PrivateKeyDer::from_pem_slice(&key)
        .map_err(|_| pem::problem(key_file, "no key that can be read", pem::ANONYMOUS))?;
    Ok(Some((chain, key)))
}

fn certificates(content: &[u8], file: &ConfiguredFile, instead: &str) -> Result<Vec<CertificateDer<'static>>, Problem> {
    CertificateDer::pem_slice_iter(content)
        .collect::<Result<_, _>>()
        .map_err(|_| pem::problem(file, "no certificate that can be read", instead))
}

impl fmt::Debug for Tls {
    /// Leaves out keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("own_authorities", &self.authorities.is_some())
            .field("identity", &self.identity.is_some())
            .finish_non_exhaustive()
    }
}
