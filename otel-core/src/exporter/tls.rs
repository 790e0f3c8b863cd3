//! Whom the HTTP client trusts, and as whom it presents itself.

use reqwest::blocking::ClientBuilder;
use reqwest::{Certificate, Identity};

use super::pem;
use crate::config::{OtlpSettings, Problem};

/// Applies the certificates. A file that cannot be used is a problem; the connection then fails where it mattered,
/// for a missing authority is never replaced by trusting everybody.
pub(super) fn configure(mut builder: ClientBuilder, settings: &OtlpSettings) -> (ClientBuilder, Vec<Problem>) {
    let mut problems = Vec::new();
    match authorities(settings) {
        Ok(Some(certificates)) => builder = builder.tls_certs_only(certificates),
        // Nobody has to be trusted: the system's authorities, more than a hundred, need not be read.
        Ok(None) if !settings.is_encrypted() => builder = builder.tls_certs_only([]),
        Ok(None) => {}
        Err(problem) => problems.push(problem),
    }
    match identity(settings) {
        Ok(Some(identity)) => builder = builder.identity(identity),
        Ok(None) => {}
        Err(problem) => problems.push(problem),
    }
    (builder, problems)
}

fn authorities(settings: &OtlpSettings) -> Result<Option<Vec<Certificate>>, Problem> {
    let (Some(content), Some(file)) = (pem::authorities(settings)?, &settings.certificate) else { return Ok(None) };
    let certificates = Certificate::from_pem_bundle(&content);
    certificates.map(Some).map_err(|_| pem::problem(file, "no certificate that can be read", pem::SYSTEM))
}

fn identity(settings: &OtlpSettings) -> Result<Option<Identity>, Problem> {
    let (Some((certificate, key)), Some(file)) = (pem::client(settings)?, &settings.client_key) else {
        return Ok(None);
    };
    let identity = Identity::from_pem(&[certificate, b"\n".to_vec(), key].concat());
    identity.map(Some).map_err(|_| pem::problem(file, "no key that can be read", pem::ANONYMOUS))
}
