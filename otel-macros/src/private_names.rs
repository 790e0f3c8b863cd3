//! The names that `otel_actix::__private` exports: each one is part of an expansion or of a recipe of `cargo otel`, or it is
//! a type in the signature of such a name.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{ImplItem, Item, UseTree};

#[test]
fn every_exported_name_is_used() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let private = root.join("../otel-actix/src/private");
    let mut used = BTreeSet::new();
    let expansions = files(&root.join("tests/golden")).into_iter().filter(|(name, _)| name.contains(".expanded."));
    for (_, text) in expansions.chain(files(&root.join("../cargo-otel/recipes"))) {
        used.extend(words(&text));
    }
    for (_, text) in files(&private) {
        used.extend(signatures(syn::parse_file(&text).unwrap().items).iter().flat_map(identifiers));
    }
    let module = syn::parse_file(&fs::read_to_string(private.join("mod.rs")).unwrap()).unwrap();
    let exported: BTreeSet<String> = module.items.iter().flat_map(exports).collect();
    assert!(exported.contains("CallSite") && used.contains("CallSite"), "{exported:?}");
    let unused: Vec<&String> = exported.difference(&used).collect();
    assert!(unused.is_empty(), "no expansion in tests/golden and no recipe uses {unused:?}");
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let file = |path: &Path| (path.display().to_string(), fs::read_to_string(path).unwrap());
    fs::read_dir(folder).unwrap().map(|entry| file(&entry.unwrap().path())).collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|other: char| !other.is_alphanumeric() && other != '_').map(str::to_owned).collect()
}

fn identifiers(tokens: &TokenStream) -> Vec<String> {
    let of_token = |token: TokenTree| match token {
        TokenTree::Group(group) => identifiers(&group.stream()),
        TokenTree::Ident(name) => vec![name.to_string()],
        _ => Vec::new(),
    };
    tokens.clone().into_iter().flat_map(of_token).collect()
}

/// The signatures of functions and the types that implementations of traits name.
fn signatures(items: Vec<Item>) -> Vec<TokenStream> {
    let mut signatures = Vec::new();
    for item in items {
        match item {
            Item::Fn(item) => signatures.push(item.sig.into_token_stream()),
            Item::Trait(item) => signatures.extend(item.items.iter().filter_map(|item| match item {
                syn::TraitItem::Fn(item) => Some(item.sig.to_token_stream()),
                _ => None,
            })),
            Item::Impl(item) => {
                signatures.extend(item.trait_.map(|(path, _)| path.into_token_stream()));
                signatures.extend(item.items.iter().filter_map(|item| match item {
                    ImplItem::Fn(item) => Some(item.sig.to_token_stream()),
                    ImplItem::Type(item) => Some(item.ty.to_token_stream()),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    signatures
}

/// The names that a `pub use` exports.
fn exports(item: &Item) -> Vec<String> {
    fn names(tree: &UseTree) -> Vec<String> {
        match tree {
            UseTree::Path(path) => names(&path.tree),
            UseTree::Group(group) => group.items.iter().flat_map(names).collect(),
            UseTree::Name(name) => vec![name.ident.to_string()],
            UseTree::Rename(name) => vec![name.rename.to_string()],
            UseTree::Glob(_) => Vec::new(),
        }
    }
    match item {
        Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => names(&item.tree),
        _ => Vec::new(),
    }
}
