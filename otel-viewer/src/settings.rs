//! Port, bound and token.

use std::fmt;

/// The port of OTLP/HTTP, which the program uses.
const PORT: u16 = 4318;

/// 64 MiB: some 50,000 requests without children.
const MEMORY: usize = 64 << 20;

/// The settings of a [`Viewer`](crate::Viewer).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// The port on loopback; 0 for any free one. The default is 4318, the port of OTLP/HTTP.
    pub port: u16,
    /// The most bytes that are kept. The default is 64 MiB.
    pub memory: usize,
    /// The token in the link. `None` for a random one.
    pub token: Option<String>,
    /// The service of spans that are reported while they run. `None` if none are.
    pub service: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { port: PORT, memory: MEMORY, token: None, service: None }
    }
}

impl Settings {
    /// Sets the port.
    #[must_use]
    pub fn with_port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Sets the most bytes that are kept.
    #[must_use]
    pub fn with_memory(self, memory: usize) -> Self {
        Self { memory, ..self }
    }

    /// Sets the token in the link.
    #[must_use]
    pub fn with_token(self, token: impl Into<String>) -> Self {
        Self { token: Some(token.into()), ..self }
    }

    /// Sets the service whose running spans are [reported](crate::Viewer::span_started).
    #[must_use]
    pub fn with_service(self, service: impl Into<String>) -> Self {
        Self { service: Some(service.into()), ..self }
    }

    /// Reads the arguments of the program: `--port`, `--memory` in MiB and `--token`, each with its value behind it or
    /// after `=`.
    ///
    /// ```
    /// use otel_viewer::Settings;
    ///
    /// let settings = Settings::from_args(["--port", "9000", "--memory=256"].map(str::to_owned))?;
    /// assert_eq!((settings.port, settings.memory), (9000, 256 << 20));
    /// # Ok::<(), otel_viewer::WrongSetting>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If an argument is unknown, or its value is missing or wrong.
    pub fn from_args(args: impl IntoIterator<Item = String>) -> Result<Self, WrongSetting> {
        let mut settings = Self::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (arg, args.next()),
            };
            let Some(value) = value else { return Err(WrongSetting(name)) };
            match name.as_str() {
                "--port" => settings.port = parse(&name, &value)?,
                "--memory" => settings.memory = parse::<usize>(&name, &value)?.saturating_mul(1 << 20),
                "--token" if is_plain(&value) => settings.token = Some(value),
                _ => return Err(WrongSetting(name)),
            }
        }
        Ok(settings)
    }
}

fn parse<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, WrongSetting> {
    value.parse().map_err(|_| WrongSetting(format!("{name} {value}")))
}

/// Returns `true` if the token needs no encoding in a link.
fn is_plain(token: &str) -> bool {
    !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

/// An argument that is unknown, or whose value is missing or wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongSetting(String);

impl fmt::Display for WrongSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not understood: {}", self.0)
    }
}

impl std::error::Error for WrongSetting {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_arguments_are_named() {
        let read = |args: &[&str]| Settings::from_args(args.iter().map(|arg| (*arg).to_owned()));
        let wrong = |args: &[&str]| read(args).map_err(|error| error.to_string());
        assert_eq!(wrong(&["--port", "70000"]), Err("not understood: --port 70000".to_owned()));
        assert_eq!(wrong(&["--port"]), Err("not understood: --port".to_owned()));
        assert_eq!(wrong(&["--colour", "red"]), Err("not understood: --colour".to_owned()));
        assert_eq!(wrong(&["--token", "a b"]), Err("not understood: --token".to_owned()));
        assert_eq!(read(&["--token=a_b"]), Ok(Settings::default().with_token("a_b")));
        assert_eq!(read(&[]), Ok(Settings::default()));
    }
}
