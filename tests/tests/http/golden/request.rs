//! The arguments of `curl` for a request → the request.

use crate::support::Trace;

#[derive(Clone, Debug, Default)]
pub(super) struct Request {
    pub(super) method: String,
    version: String,
    pub(super) path: String,
    pub(super) query: Option<String>,
    pub(super) host: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    /// Options of one or two words come before the URL; words are not quoted.
    pub(super) fn parse(arguments: &str) -> Self {
        let (options, url) = arguments.rsplit_once("http://").unwrap();
        let (host, target) = url.split_once('/').unwrap();
        let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        let mut request = Self {
            method: "GET".to_owned(),
            version: "1.1".to_owned(),
            path: format!("/{path}"),
            query: query.map(str::to_owned),
            host: host.to_owned(),
            headers: vec![("User-Agent".to_owned(), "curl/7.88.1".to_owned()), ("Accept".to_owned(), "*/*".to_owned())],
            body: String::new(),
        };
        for option in format!(" {options}").split(" -").skip(1) {
            let (option, value) = option.trim().split_once(' ').unwrap_or((option.trim(), ""));
            request.apply(option, value);
        }
        request
    }

    fn apply(&mut self, option: &str, value: &str) {
        match option {
            "X" => value.clone_into(&mut self.method),
            "I" => "HEAD".clone_into(&mut self.method),
            "d" => {
                value.clone_into(&mut self.body);
                self.set("Content-Length", &value.len().to_string());
            }
            "A" => self.set("User-Agent", value),
            "H" => {
                let (name, value) = value.split_once(':').unwrap();
                if name == "Host" { value.trim().clone_into(&mut self.host) } else { self.set(name, value.trim()) }
            }
            "-http1.0" => "1.0".clone_into(&mut self.version),
            option if option.starts_with("-retry") => {}
            option => panic!("curl -{option} is not understood"),
        }
    }

    /// Replaces a header; an empty one is not sent, as with `curl`.
    fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|(other, _)| other != name);
        if !value.is_empty() {
            self.headers.push((name.to_owned(), value.to_owned()));
        }
    }

    pub(super) fn head(&self, trace: Trace) -> String {
        let query = self.query.as_ref().map_or_else(String::new, |query| format!("?{query}"));
        let headers: Vec<_> = self.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        format!(
            "{} {}{query} HTTP/{}\r\nHost: {}\r\n{headers}Connection: close\r\ntraceparent: {}\r\n\r\n{}",
            self.method,
            self.path,
            self.version,
            self.host,
            trace.traceparent(),
            self.body
        )
    }
}
