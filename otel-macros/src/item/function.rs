//! A function: attributes and signature parsed, body as tokens.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote_spanned};
use syn::{
    Attribute, Lifetime, Result, Signature, Token, Visibility, braced,
    parse::{Parse, ParseStream},
    token::Brace,
};

use crate::{spans::generated, tokens::assigns_behind};

/// A free function, a method, or a function of a trait.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    /// `default fn` of specialisation (unstable, but a macro must not eat it).
    pub(crate) defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    /// `None` for the `fn f();` of a trait.
    pub(crate) body: Option<Body>,
}

/// The braces and the tokens between them.
#[derive(Clone)]
pub(crate) struct Body {
    pub(crate) brace: Brace,
    /// `#![..]` attributes. They have to stay first in the outer braces.
    pub(crate) inner_attrs: Vec<Attribute>,
    pub(crate) statements: TokenStream,
}

impl Function {
    /// Returns `true` if attributes, a visibility and then a function signature come next.
    pub(crate) fn is_next(input: ParseStream<'_>) -> bool {
        let head = input.fork();
        let is_fn = || -> Result<bool> {
            head.call(Attribute::parse_outer)?;
            head.parse::<Visibility>()?;
            head.parse::<Option<Token![default]>>()?;
            head.parse::<Option<Token![const]>>()?;
            head.parse::<Option<Token![async]>>()?;
            head.parse::<Option<Token![unsafe]>>()?;
            head.parse::<Option<syn::Abi>>()?;
            Ok(head.peek(Token![fn]))
        };
        is_fn().unwrap_or(false)
    }

    /// The place of errors about the function, and the location that is recorded.
    pub(crate) fn name_span(&self) -> Span {
        self.sig.ident.span()
    }

    /// The function with other tokens between its braces. The braces stay the user's own: `dead_code` and other lints
    /// look at them (tracing#1366).
    pub(crate) fn with_statements(mut self, statements: TokenStream) -> TokenStream {
        if let Some(body) = &mut self.body {
            body.statements = statements;
        }
        self.into_token_stream()
    }
}

impl Body {
    /// The user's statements in an inner block of their own, so that our names cannot shadow a `use` in them
    /// (tracing#3306). It has a label, because a block without one that contains a single expression on one line is
    /// reported as `unused_braces`. The label has the user's own place, too: see [`braced`](Self::braced).
    pub(crate) fn block(&self) -> TokenStream {
        let at = self.brace.span.open();
        let label = Lifetime::new("'__otel_body", at);
        let block = self.braced();
        quote_spanned!(at=> #label: #block)
    }

    /// The body of a closure with a return type: the user's statements, behind ours if there are any.
    pub(crate) fn block_behind(&self, before: &TokenStream) -> TokenStream {
        if before.is_empty() {
            return self.braced();
        }
        let block = self.block();
        quote_spanned!(generated(self.brace.span.open())=> { #before #block })
    }

    /// The braces are the user's own: the edition of their span decides when temporaries of the last expression are dropped.
    fn braced(&self) -> TokenStream {
        let mut block = proc_macro2::Group::new(proc_macro2::Delimiter::Brace, self.statements.clone());
        block.set_span(self.brace.span.join());
        block.into_token_stream()
    }

    /// Returns `true` if the name stands anywhere in the body.
    pub(crate) fn mentions(&self, name: &Ident) -> bool {
        mentions(self.statements.clone(), name)
    }

    /// Returns `true` if a value is assigned to a place behind the name: `name.rest = &mut name.rest[1..]`.
    pub(crate) fn assigns_behind(&self, name: &Ident) -> bool {
        assigns_behind(self.statements.clone(), name)
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let defaultness = input.parse()?;
        let sig = input.parse()?;
        let body = if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            None
        } else {
            let content;
            let brace = braced!(content in input);
            let inner_attrs = content.call(Attribute::parse_inner)?;
            Some(Body { brace, inner_attrs, statements: content.parse()? })
        };
        Ok(Self { attrs, vis, defaultness, sig, body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.defaultness.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        match &self.body {
            Some(body) => body.brace.surround(tokens, |tokens| {
                tokens.append_all(&body.inner_attrs);
                tokens.append_all(body.statements.clone());
            }),
            None => <Token![;]>::default().to_tokens(tokens),
        }
    }
}
