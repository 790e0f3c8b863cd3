//! Source text → the same text with the attribute on every function.

use std::fmt::Write as _;
use std::ops::Range;

use proc_macro2::{Delimiter, LineColumn, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

const ATTRIBUTE: &str = "#[::otel_actix::auto_instrument] ";
const START: &str = " ::real_crates::start();";

/// Bodies that are joined to one line, if no longer than this: many lints speak only of code on one line.
const LONGEST_LINE: usize = 160;

/// One text without the attribute and one with it, and the number of functions. Line breaks are the same in both.
pub(crate) struct Instrumented {
    pub(crate) plain: String,
    pub(crate) annotated: String,
    pub(crate) functions: usize,
}

/// `None` if the text is no Rust file of its own.
pub(crate) fn instrument(text: &str) -> Option<Instrumented> {
    let file = syn::parse_file(text).ok()?;
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut found = Found { text, starts, edits: Vec::new(), functions: 0 };
    found.visit_file(&file);
    let Found { mut edits, functions, .. } = found;
    edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
    Some(Instrumented { plain: apply(text, &edits, false), annotated: apply(text, &edits, true), functions })
}

struct Edit {
    range: Range<usize>,
    text: String,
    is_annotation: bool,
}

struct Found<'a> {
    text: &'a str,
    /// The first byte of each line.
    starts: Vec<usize>,
    edits: Vec<Edit>,
    functions: usize,
}

impl Found<'_> {
    fn function(&mut self, attrs: &[Attribute], first: Span, sig: &Signature, body: &Block) {
        // A test without parameters is the place where telemetry can start.
        if attrs.iter().any(|attr| attr.path().is_ident("test")) {
            let at = self.offset(body.brace_token.span.open().end());
            self.insert(at, START);
        } else if sig.constness.is_none() {
            let at = self.offset(first.start());
            self.insert(at, ATTRIBUTE);
            self.functions += 1;
        }
        self.join_lines(body);
    }

    fn insert(&mut self, at: usize, text: &str) {
        self.edits.push(Edit { range: at..at, text: text.to_owned(), is_annotation: true });
    }

    /// Line breaks inside a short body become spaces, in both texts.
    fn join_lines(&mut self, body: &Block) {
        let span = body.brace_token.span;
        let range = self.offset(span.open().end())..self.offset(span.close().start());
        let inside = &self.text[range.clone()];
        let joined = inside.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
        if joined.len() <= LONGEST_LINE && !inside.contains("//") && !inside.contains("#!") && !inside.contains('"') {
            for (at, _) in inside.match_indices('\n') {
                let at = range.start + at;
                self.edits.push(Edit { range: at..at + 1, text: " ".to_owned(), is_annotation: false });
            }
        }
    }

    /// Columns count characters.
    fn offset(&self, place: LineColumn) -> usize {
        let start = self.starts[place.line - 1];
        self.text[start..].char_indices().nth(place.column).map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// The first token of a function that is no attribute.
fn first_token(tokens: TokenStream) -> Option<Span> {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(hash), Some(TokenTree::Group(group)))
                if hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket =>
            {
                tokens.next();
            }
            _ => return Some(token.span()),
        }
    }
    None
}

impl<'ast> Visit<'ast> for Found<'_> {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if let Some(first) = first_token(item.to_token_stream()) {
            self.function(&item.attrs, first, &item.sig, &item.block);
        }
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if let Some(first) = first_token(item.to_token_stream()) {
            self.function(&item.attrs, first, &item.sig, &item.block);
        }
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let (Some(first), Some(body)) = (first_token(item.to_token_stream()), &item.default) {
            self.function(&item.attrs, first, &item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn apply(text: &str, edits: &[Edit], with_annotations: bool) -> String {
    let mut edited = String::with_capacity(text.len() * 2);
    let mut at = 0;
    for edit in edits.iter().filter(|edit| with_annotations || !edit.is_annotation) {
        // Functions inside of functions: their line breaks are found twice.
        if edit.range.start < at {
            continue;
        }
        let _ = write!(edited, "{}{}", &text[at..edit.range.start], edit.text);
        at = edit.range.end;
    }
    edited + &text[at..]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_function_that_can_have_the_attribute_gets_it() {
        let text = "/// Docs\npub fn a() {\n    1;\n}\nconst fn b() {}\ntrait T {\n    fn c();\n    fn d() {}\n}\n\
                    #[test]\nfn e() {\n    a()\n}\nimpl X {\n    #[inline]\n    pub(crate) async fn f() {\n        // no\n    }\n}\n";
        let Some(Instrumented { plain, annotated, functions }) = instrument(text) else { panic!("it parses") };
        assert_eq!(functions, 3);
        assert!(plain.contains("pub fn a() {     1; }") && !plain.contains("otel"), "{plain}");
        for part in [
            "/// Docs\n#[::otel_actix::auto_instrument] pub fn a() {     1; }",
            "\nconst fn b() {}",
            "    fn c();\n    #[::otel_actix::auto_instrument] fn d() {}",
            "#[test]\nfn e() { ::real_crates::start();     a() }",
            "    #[inline]\n    #[::otel_actix::auto_instrument] pub(crate) async fn f() {\n        // no\n    }",
        ] {
            assert!(annotated.contains(part), "{part}\nin\n{annotated}");
        }
    }
}
