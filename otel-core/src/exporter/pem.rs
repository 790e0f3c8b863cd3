//! Files that the OTLP variables name.

use crate::config::{ConfiguredFile, OtlpSettings, Problem, printable};

pub(crate) const SYSTEM: &str = "the system's certificates";
pub(crate) const ANONYMOUS: &str = "no client certificate";

/// The authorities' certificates, if any are configured.
pub(crate) fn authorities(settings: &OtlpSettings) -> Result<Option<Vec<u8>>, Problem> {
    settings.certificate.as_ref().map(|file| read(file, "CERTIFICATE", SYSTEM)).transpose()
}

/// A certificate and its key.
pub(crate) type Pair = (Vec<u8>, Vec<u8>);

/// The client's certificate and its key, if they are configured.
pub(crate) fn client(settings: &OtlpSettings) -> Result<Option<Pair>, Problem> {
    match (&settings.client_certificate, &settings.client_key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            Ok(Some((read(certificate, "CERTIFICATE", ANONYMOUS)?, read(key, "PRIVATE KEY", ANONYMOUS)?)))
        }
        (Some(file), None) | (None, Some(file)) => {
            Err(problem(file, "a client certificate needs its key, and a key its certificate", ANONYMOUS))
        }
    }
}

/// A problem with a file, and what is used instead of it.
pub(crate) fn problem(file: &ConfiguredFile, reason: impl Into<String>, fallback: &str) -> Problem {
    match printable::path(&file.path) {
        Some(path) => Problem::printable(&file.variable, path, reason, fallback),
        // A key in place of its file's name.
        None => Problem::new(&file.variable, "", "expected the name of a PEM file, found another text", fallback),
    }
}

/// The content of a PEM file with a section of this kind.
fn read(file: &ConfiguredFile, section: &str, fallback: &str) -> Result<Vec<u8>, Problem> {
    let content = std::fs::read_to_string(&file.path).map_err(|error| problem(file, error.to_string(), fallback))?;
    // `EC PRIVATE KEY` and `RSA PRIVATE KEY` are keys as well.
    let found = content.lines().any(|line| line.starts_with("-----BEGIN ") && line.contains(section));
    if found { Ok(content.into_bytes()) } else { Err(problem(file, format!("no PEM file with a {section}"), fallback)) }
}
