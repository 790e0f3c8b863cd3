//! The method: a known one is recorded by name, any other as `_OTHER`.

use actix_web::dev::ServiceRequest;

const KNOWN: [&str; 10] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY"];

/// A request method, as it is recorded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Method {
    Known(String),
    /// The method as the client sent it.
    Other(String),
}

impl Method {
    pub(super) fn of(req: &ServiceRequest) -> Self {
        Self::parse(req.method().as_str())
    }

    fn parse(method: &str) -> Self {
        if KNOWN.contains(&method) { Self::Known(method.to_owned()) } else { Self::Other(method.to_owned()) }
    }

    /// The attribute's value.
    pub(super) fn recorded(&self) -> &str {
        match self {
            Self::Known(method) => method,
            Self::Other(_) => "_OTHER",
        }
    }

    /// `{method} {route}`, or the method alone; `HTTP` stands for a method that is not known.
    pub(super) fn span_name(&self, route: Option<&str>) -> String {
        let method = match self {
            Self::Known(method) => method,
            Self::Other(_) => "HTTP",
        };
        match route {
            Some(route) => format!("{method} {route}"),
            None => method.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Method;

    #[test]
    fn methods_are_case_sensitive() {
        assert_eq!(Method::parse("GET").recorded(), "GET");
        assert_eq!(Method::parse("get").recorded(), "_OTHER");
    }

    #[test]
    fn names() {
        assert_eq!(Method::parse("GET").span_name(Some("/users/{id}")), "GET /users/{id}");
        assert_eq!(Method::parse("GET").span_name(None), "GET");
        assert_eq!(Method::parse("BREW").span_name(Some("/pot")), "HTTP /pot");
    }
}
