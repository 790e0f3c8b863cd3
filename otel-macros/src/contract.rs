//! The contract between macro and runtime, as `ARCHITECTURE.md` shows it: golden cases and their expansions, shortened.
//!
//! `UPDATE_GOLDEN=1 cargo test -p otel-macros` writes the section anew.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::fmt::Write as _;
use std::{fs, path::Path};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;

use crate::golden;

/// The golden cases that are shown, each with its description.
const CASES: [(&str, &str); 10] = [
    (
        "main_actix",
        "`main`, with a runtime below: the guard outlives the runtime, so spans of requests that the runtime drops are flushed too",
    ),
    (
        "main_below_actix",
        "`main` as a runtime attribute above left it: temporaries of its last expression, the runtime among them, are dropped before the guard in every edition",
    ),
    ("app_fn", "A function that returns an app: its type stays as written"),
    (
        "handler_above_route",
        "A handler with the route attribute below: a layer around the route sees extractor failures, too",
    ),
    ("handler_below_route", "A handler with the route attribute above, or with `handler`"),
    ("sync_unit", "A function"),
    ("sync_result", "A function that returns a `Result`: a closure catches the `Err` of a `?`"),
    ("async_result", "An `async` function"),
    ("returns_boxed_future", "A function that returns a boxed future"),
    ("carry", "Calls that spawn: the context goes along with futures and closures, anything else stays as it is"),
];

const BEGIN: &str = "<!-- expansions: begin -->\n";
const END: &str = "<!-- expansions: end -->\n";

#[test]
fn architecture_shows_the_expansions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = root.join("../ARCHITECTURE.md");
    let text = fs::read_to_string(&document).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the section begins");
    let (_, after) = rest.split_once(END).expect("the section ends");
    let expected = format!("{before}{BEGIN}{}{END}{after}", section(&root.join("tests/golden")));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&document, expected).unwrap();
    } else {
        assert!(text == expected, "run `UPDATE_GOLDEN=1 cargo test -p otel-macros`, and look at ARCHITECTURE.md");
    }
}

fn section(cases: &Path) -> String {
    let mut section = String::new();
    for (case, description) in CASES {
        let input = fs::read_to_string(cases.join(format!("{case}.rs"))).unwrap();
        let output = golden::format(&shortened(golden::expansion(&input, case)), case);
        write!(section, "\n{description}:\n\n```rust\n{input}```\n```rust\n{output}```\n").unwrap();
    }
    section + "\n"
}

/// The tokens without paths into the runtime, and with a name for the place of a function.
fn shortened(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().map(shortened_group).collect();
    let starts_with = |at: usize, words: &[&str]| {
        words.iter().enumerate().all(|(n, word)| tokens.get(at + n).is_some_and(|token| token.to_string() == *word))
    };
    let mut output = TokenStream::new();
    let mut at = 0;
    while at < tokens.len() {
        if starts_with(at, &[":", ":", "otel_actix", ":", ":", "__private", ":", ":"]) {
            at += 8;
        } else if starts_with(at, &[":", ":", "core", ":", ":", "option", ":", ":", "Option", ":", ":"]) {
            at += 11;
        } else if starts_with(at, &["CodeLocation", ":", ":", "new"]) {
            output.extend(quote!(CODE_LOCATION));
            at += 5;
        } else {
            output.extend([tokens[at].clone()]);
            at += 1;
        }
    }
    output
}

fn shortened_group(token: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = token else { return short_literal(token) };
    let is_call_site =
        group.delimiter() == Delimiter::Parenthesis && group.to_string().starts_with("({ static CALL_SITE");
    let stream = if is_call_site { quote!(&CALL_SITE) } else { shortened(shortened(group.stream())) };
    Group::new(group.delimiter(), stream).into()
}

/// `wrap = "route(..)"` of route attributes.
fn short_literal(token: TokenTree) -> TokenTree {
    let text = token.to_string();
    if text.contains(":: route (") { proc_macro2::Literal::string("route(CODE_LOCATION)").into() } else { token }
}
