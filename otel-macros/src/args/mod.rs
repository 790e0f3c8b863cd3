//! The arguments: `#[auto_instrument(name = "..", kind = "client", ..)]`.

mod error;
mod lists;
mod name;
mod parse;
mod target;

pub(crate) use name::Name;
pub(crate) use target::Target;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Ident, LitStr, Path};

use crate::spans::generated;

/// The arguments, with the defaults filled in.
#[expect(clippy::struct_excessive_bools, reason = "one field per argument")]
pub(crate) struct Args {
    /// The names of the given arguments, in order, each with its place.
    given: Vec<(Name, Span)>,
    pub(crate) name: Option<LitStr>,
    /// A variant of `opentelemetry::trace::SpanKind`.
    pub(crate) kind: Option<Ident>,
    pub(crate) skip: bool,
    pub(crate) handler: bool,
    pub(crate) fields: Vec<FieldArgument>,
    /// Parameters to record.
    pub(crate) parameters: Vec<Ident>,
    pub(crate) ret: bool,
    pub(crate) err: Err,
    pub(crate) root: bool,
    pub(crate) links: Option<Expr>,
    pub(crate) service_name: Option<LitStr>,
    pub(crate) init: bool,
    pub(crate) app: bool,
    /// The name of `HttpServer` here.
    pub(crate) server: Option<Ident>,
    pub(crate) carry: bool,
    krate: Option<Path>,
}

/// One `key = expr` of `fields(..)`.
pub(crate) struct FieldArgument {
    pub(crate) key: LitStr,
    pub(crate) value: Expr,
}

/// The part of a returned `Err` that is recorded on the span.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Err {
    /// Nothing.
    Ignored,
    /// Its type.
    Type,
    /// Its type and message, if its type looks like a `Result`.
    Default,
    /// Its type and message, for any type: the user declares that it is a `Result`.
    Message,
}

impl Default for Args {
    fn default() -> Self {
        Self {
            given: Vec::new(),
            name: None,
            kind: None,
            skip: false,
            handler: false,
            fields: Vec::new(),
            parameters: Vec::new(),
            ret: false,
            err: Err::Default,
            root: false,
            links: None,
            service_name: None,
            init: true,
            app: true,
            server: None,
            carry: true,
            krate: None,
        }
    }
}

impl Args {
    /// The arguments of a container that apply to its functions, too.
    pub(crate) fn inherited(&self) -> Self {
        Self { kind: self.kind.clone(), err: self.err, carry: self.carry, krate: self.krate.clone(), ..Self::default() }
    }

    /// `::otel_actix::__private`, or the same below the path of `crate = path`.
    pub(crate) fn private(&self, at: Span) -> TokenStream {
        let span = generated(at);
        let krate = self.krate.as_ref().map_or_else(|| quote_spanned!(span=> ::otel_actix), ToTokens::to_token_stream);
        quote_spanned!(span=> #krate::__private)
    }

    /// The place where `name` was written.
    pub(crate) fn place_of(&self, name: Name) -> Option<Span> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, span)| *span)
    }
}
