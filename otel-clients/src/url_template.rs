//! The template of a URL's path, as an extension of its request.

use std::borrow::Cow;

/// An extension of a request: the path with its variable parts as placeholders, such as `/users/{id}`. It becomes
/// `url.template`, and part of the span's name.
#[derive(Clone, Debug)]
pub struct UrlTemplate(pub Cow<'static, str>);
