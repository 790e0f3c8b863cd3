//! The command line of `client`.

use std::{env, error::Error, fmt};

use hyper::{
    Method, Uri, Version,
    header::{HeaderName, HeaderValue},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The request on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Args {
    /// `-X`: the method, `GET` by default.
    pub method: Method,
    /// The target: an absolute `http://` address.
    pub url: Uri,
    /// `-H 'name: value'`, or `None` for `-H 'name:'`, which leaves out a header that is sent by default.
    pub headers: Vec<(HeaderName, Option<HeaderValue>)>,
    /// `-d`: the body.
    pub body: String,
    /// `--http1.0`; HTTP/1.1 by default.
    pub version: Version,
}

/// A command line that is not understood, with the reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Usage(String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n\n\
             usage: client PARAM                 GET http://localhost:8082/server_request?param=PARAM\n       \
             client --url URL [OPTION..]  any other request\n\n\
             -X METHOD  -H 'NAME: VALUE'  -H 'NAME:' (leave out)  -d BODY  --http1.0\n\
             SERVER=HOST:PORT replaces localhost:8082",
            self.0
        )
    }
}

impl Error for Usage {}

impl Args {
    /// Reads the arguments of this process.
    ///
    /// # Errors
    ///
    /// [`Usage`] if something is unknown, incomplete or not HTTP.
    pub fn from_env() -> Result<Self, Usage> {
        let server = env::var("SERVER").ok().filter(|value| !value.is_empty());
        Self::parse(env::args().skip(1), server.as_deref().unwrap_or("localhost:8082"))
    }

    /// Reads `arguments`; `server` is the `host:port` of the short form.
    ///
    /// # Errors
    ///
    /// [`Usage`] if something is unknown, incomplete or not HTTP.
    pub fn parse(arguments: impl IntoIterator<Item = String>, server: &str) -> Result<Self, Usage> {
        let mut arguments = arguments.into_iter();
        let mut url = None;
        let mut args = Self {
            method: Method::GET,
            url: Uri::default(),
            headers: Vec::new(),
            body: String::new(),
            version: Version::HTTP_11,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or_else(|| Usage(format!("{argument} needs a value")));
            match argument.as_str() {
                "-X" => args.method = value()?.parse().map_err(|_| Usage("-X needs a method".to_owned()))?,
                "-H" => args.headers.push(header(&value()?)?),
                "-d" => args.body = value()?,
                "--http1.0" => args.version = Version::HTTP_10,
                "--url" => url = Some(value()?),
                option if option.starts_with('-') => return Err(Usage(format!("unknown option {option}"))),
                param if url.is_none() => {
                    let param = utf8_percent_encode(param, NON_ALPHANUMERIC);
                    url = Some(format!("http://{server}/server_request?param={param}"));
                }
                extra => return Err(Usage(format!("{extra} is one argument too many"))),
            }
        }
        let url = url.ok_or_else(|| Usage("what to send?".to_owned()))?;
        args.url = url.parse().map_err(|error| Usage(format!("{url} is no address: {error}")))?;
        if args.url.scheme_str() != Some("http") || args.url.host().is_none() {
            return Err(Usage(format!("{url} does not start with http://host")));
        }
        Ok(args)
    }
}

fn header(line: &str) -> Result<(HeaderName, Option<HeaderValue>), Usage> {
    let invalid = || Usage(format!("-H {line}: not a header"));
    let (name, value) = line.split_once(':').ok_or_else(invalid)?;
    let name = name.parse().map_err(|_| invalid())?;
    let value = value.trim_start();
    let value =
        if value.is_empty() { None } else { Some(HeaderValue::from_bytes(value.as_bytes()).map_err(|_| invalid())?) };
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::Args;

    fn parse(line: &[&str]) -> Result<Args, super::Usage> {
        Args::parse(line.iter().map(|&argument| argument.to_owned()), "localhost:8082")
    }

    #[test]
    fn the_short_form_is_the_request_of_the_tutorial() {
        let args = parse(&["testing"]).unwrap();
        assert_eq!(args.url, "http://localhost:8082/server_request?param=testing");
        assert_eq!(args.method, "GET");
    }

    #[test]
    fn a_parameter_is_percent_encoded() {
        assert_eq!(parse(&["a b&c"]).unwrap().url.query(), Some("param=a%20b%26c"));
    }

    #[test]
    fn headers_can_be_set_and_left_out() {
        let args = parse(&["--url", "http://h:1/", "-H", "a: b:c", "-H", "user-agent:"]).unwrap();
        assert_eq!(args.headers[0].1.as_ref().unwrap(), "b:c");
        assert_eq!(args.headers[1].1, None);
    }

    #[test]
    fn nonsense_is_refused() {
        for line in [&[][..], &["-X"], &["--verbose"], &["a", "b"], &["--url", "/x"], &["x", "-H", "no colon"]] {
            assert!(parse(line).is_err(), "{line:?}");
        }
    }
}
