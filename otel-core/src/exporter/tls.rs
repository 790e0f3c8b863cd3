//! Whom the OTLP client trusts, and as whom it presents itself.

use reqwest::blocking::ClientBuilder;
use reqwest::{Certificate, Identity};

use crate::config::{ConfiguredFile, OtlpSettings, Problem};

/// Applies the certificates. A file that cannot be used is a problem; the connection then fails where it mattered,
/// for a missing authority is never replaced by trusting everybody.
pub(super) fn configure(mut builder: ClientBuilder, settings: &OtlpSettings) -> (ClientBuilder, Vec<Problem>) {
    let mut problems = Vec::new();
    if let Some(file) = &settings.certificate {
        match authorities(file) {
            Ok(certificates) => builder = builder.tls_certs_only(certificates),
            Err(reason) => problems.push(problem(file, reason, "the system's certificates")),
        }
    }
    match (&settings.client_certificate, &settings.client_key) {
        (None, None) => {}
        (Some(certificate), Some(key)) => match identity(certificate, key) {
            Ok(identity) => builder = builder.identity(identity),
            Err((file, reason)) => problems.push(problem(file, reason, "no client certificate")),
        },
        (Some(file), None) | (None, Some(file)) => {
            let reason = "a client certificate needs its key, and a key its certificate".to_owned();
            problems.push(problem(file, reason, "no client certificate"));
        }
    }
    (builder, problems)
}

fn authorities(file: &ConfiguredFile) -> Result<Vec<Certificate>, String> {
    let certificates = Certificate::from_pem_bundle(&read(file)?).map_err(|_| "not a PEM file".to_owned())?;
    if certificates.is_empty() { Err("the file contains no certificate".to_owned()) } else { Ok(certificates) }
}

fn identity<'a>(
    certificate: &'a ConfiguredFile,
    key: &'a ConfiguredFile,
) -> Result<Identity, (&'a ConfiguredFile, String)> {
    let mut pem = read(certificate).map_err(|reason| (certificate, reason))?;
    pem.push(b'\n');
    pem.extend(read(key).map_err(|reason| (key, reason))?);
    Identity::from_pem(&pem).map_err(|_| (key, "no PEM certificate with a PEM key".to_owned()))
}

fn read(file: &ConfiguredFile) -> Result<Vec<u8>, String> {
    std::fs::read(&file.path).map_err(|error| error.to_string())
}

fn problem(file: &ConfiguredFile, reason: String, fallback: &str) -> Problem {
    Problem::new(&file.variable, file.path.to_string_lossy(), reason, fallback)
}
