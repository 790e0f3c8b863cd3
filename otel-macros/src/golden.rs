//! Golden expansions: `tests/golden/<case>.rs` is the input, `<case>.expanded.rs` the output.
//!
//! `UPDATE_GOLDEN=1 cargo test -p otel-macros` writes the output from the input, for a review of the difference.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};

use crate::source::Surrounding;

/// The first line of a case where a route attribute is above ours: such an attribute is gone when we run.
const BELOW_ROUTE: &str = "// below a route attribute\n";

#[test]
fn expansions_are_as_recorded() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut different = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".expanded.rs") {
            continue;
        }
        cases += 1;
        let input = fs::read_to_string(&path).unwrap();
        let output = expand(&input, &name);
        let expected = folder.join(name.replace(".rs", ".expanded.rs"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&expected, output).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != output {
            different.push(format!("--- {name} now expands to:\n{output}"));
        }
    }
    assert!(cases > 10, "no cases in {}", folder.display());
    assert!(different.is_empty(), "{}", different.join("\n"));
}

/// The formatted expansion of a case.
pub(crate) fn expand(input: &str, name: &str) -> String {
    format(&expansion(input, name), name)
}

pub(crate) fn format(tokens: &TokenStream, name: &str) -> String {
    let file = syn::parse2(tokens.clone()).unwrap_or_else(|error| panic!("{name}: {error}\n{tokens}"));
    prettyplease::unparse(&file)
}

/// The expansion of the attribute in the first line of a case.
pub(crate) fn expansion(input: &str, name: &str) -> TokenStream {
    let surrounding = Surrounding { route: input.starts_with(BELOW_ROUTE), block: None };
    let tokens: TokenStream = input.parse().unwrap();
    let mut tokens = tokens.into_iter();
    let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(attribute))) = (tokens.next(), tokens.next()) else {
        panic!("{name}: expected the attribute first");
    };
    let mut attribute = attribute.stream().into_iter();
    attribute.next();
    let args = match attribute.next() {
        Some(TokenTree::Group(args)) => args.stream(),
        _ => TokenStream::new(),
    };
    crate::expand::auto_instrument(args, &tokens.collect(), &surrounding)
}
