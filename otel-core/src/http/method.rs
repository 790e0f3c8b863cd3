//! `http.request.method`: known by name, or `_OTHER`.

use super::settings::HttpSettings;

/// Value of `http.request.method` for a method that is not known.
pub(crate) const OTHER: &str = "_OTHER";

/// What the span name starts with when the method is [`OTHER`].
const OTHER_IN_NAME: &str = "HTTP";

/// A request method as the conventions see it: bounded in cardinality whatever a client sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestMethod<'a> {
    /// One of the known methods, as the settings spell it.
    Known(&'static str),
    /// Anything else, in its original spelling.
    Other(&'a str),
}

impl<'a> RequestMethod<'a> {
    /// Case-sensitive: HTTP methods are (RFC 9110, section 9.1), so `get` is not `GET`.
    pub(crate) fn classify(method: &'a str, settings: &'static HttpSettings) -> Self {
        match settings.known_methods.iter().find(|known| *known == method) {
            Some(known) => Self::Known(known),
            None => Self::Other(method),
        }
    }

    /// As the client spells it.
    pub(crate) fn as_sent(self) -> &'a str {
        match self {
            Self::Known(method) => method,
            Self::Other(original) => original,
        }
    }

    /// `http.request.method`
    pub(crate) fn as_attribute(self) -> &'static str {
        match self {
            Self::Known(method) => method,
            Self::Other(_) => OTHER,
        }
    }

    /// `http.request.method_original`, present only when it differs.
    pub(crate) fn original(self) -> Option<&'a str> {
        match self {
            Self::Known(_) => None,
            Self::Other(original) => Some(original),
        }
    }

    /// The `{method}` of the span name.
    pub(crate) fn in_span_name(self) -> &'static str {
        match self {
            Self::Known(method) => method,
            Self::Other(_) => OTHER_IN_NAME,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::settings::KNOWN_METHODS;
    use super::*;
    use std::sync::LazyLock;

    static DEFAULT: LazyLock<HttpSettings> = LazyLock::new(HttpSettings::default);

    #[test]
    fn known_methods_are_kept() {
        for known in KNOWN_METHODS {
            let method = RequestMethod::classify(known, &DEFAULT);
            assert_eq!((method.as_attribute(), method.original(), method.in_span_name()), (known, None, known));
        }
    }

    #[test]
    fn anything_else_is_other_and_keeps_its_spelling() {
        for unknown in ["FOOBAR", "get", "Get", "GET ", ""] {
            let method = RequestMethod::classify(unknown, &DEFAULT);
            assert_eq!(
                (method.as_attribute(), method.original(), method.in_span_name()),
                ("_OTHER", Some(unknown), "HTTP")
            );
        }
    }

    #[test]
    fn an_override_replaces_the_whole_list() {
        static OVERRIDE: LazyLock<HttpSettings> =
            LazyLock::new(|| HttpSettings { known_methods: vec!["FOOBAR".to_owned()], ..HttpSettings::default() });
        assert_eq!(RequestMethod::classify("FOOBAR", &OVERRIDE).as_attribute(), "FOOBAR");
        assert_eq!(RequestMethod::classify("GET", &OVERRIDE).as_attribute(), "_OTHER");
    }
}
