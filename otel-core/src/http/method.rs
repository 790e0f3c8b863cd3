//! `http.request.method`: a known method, or `_OTHER`.

use super::settings::HttpSettings;

/// The value of `http.request.method` for unknown methods.
pub(crate) const OTHER: &str = "_OTHER";

/// The start of the span name if the method is [`OTHER`].
const OTHER_IN_NAME: &str = "HTTP";

/// A request method. Attributes have a bounded number of values, whatever clients send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequestMethod<'a> {
    /// A known method, from the settings.
    Known(&'static str),
    /// An unknown method, as the client sent it.
    Other(&'a str),
}

impl<'a> RequestMethod<'a> {
    /// Looks the method up in the settings. HTTP methods are case-sensitive
    /// ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-9.1)): `get` is not `GET`.
    #[inline]
    pub(crate) fn classify(method: &'a str, settings: &'static HttpSettings) -> Self {
        match settings.known_methods.iter().find(|known| *known == method) {
            Some(known) => Self::Known(known),
            None => Self::Other(method),
        }
    }

    /// The method as the client sent it.
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

    /// `http.request.method_original`, only if it differs from `http.request.method`.
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
