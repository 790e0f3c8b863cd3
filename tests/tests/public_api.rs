//! The public API of `otel-actix`, as a list in `golden/public-api.txt`: every change of it shows in review.
//!
//! The list is made from the sources, because rustdoc's JSON needs a nightly compiler. It follows `pub use` into other crates
//! of the workspace, and leaves out `#[doc(hidden)]` items.
//! `UPDATE_GOLDEN=1 cargo test -p workspace-tests --test public_api` writes it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(missing_docs, reason = "tests are named, not documented")]

#[path = "public_api/names.rs"]
mod names;
#[path = "public_api/sources.rs"]
mod sources;

use quote::ToTokens as _;
use sources::{Found, Sources, is_hidden};
use std::collections::BTreeMap;
use std::path::Path;
use syn::{Attribute, Fields, FnArg, ImplItem, Item, Pat, PatType, Signature, TraitItem, Visibility};

const ROOT: &str = "otel_actix";

#[test]
fn the_public_api_is_the_one_in_the_list() {
    let mut api = Api {
        sources: Sources::load(&["otel_actix", "otel_clients", "otel_core", "otel_macros"]),
        entries: BTreeMap::new(),
    };
    api.module(ROOT, &[], ROOT);
    let listed: String = api.entries.iter().flat_map(|(path, text)| [path, "\n", text, "\n"]).collect();
    for sure in [
        "otel_actix::HttpTelemetry\n",
        "otel_actix::config::SamplerChoice\n",
        "otel_actix::auto_instrument\n",
        "otel_actix::clients::awc::ClientTelemetry\n",
    ] {
        assert!(listed.contains(sure), "the list misses {sure}");
    }
    assert!(!listed.contains("__private"), "expansions alone use it");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/public-api.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(file, listed).unwrap();
    }
    let golden = std::fs::read_to_string(file).unwrap_or_default();
    for (number, (is, was)) in listed.lines().zip(golden.lines()).enumerate() {
        assert_eq!(is, was, "line {} of the list; UPDATE_GOLDEN=1 writes it anew", number + 1);
    }
    assert_eq!(listed.lines().count(), golden.lines().count(), "UPDATE_GOLDEN=1 writes the list anew");
}

struct Api {
    sources: Sources,
    /// Each public item by its path.
    entries: BTreeMap<String, String>,
}

impl Api {
    /// Adds the public items of a module, which users reach as `public`.
    fn module(&mut self, krate: &str, module: &[String], public: &str) {
        for item in self.sources.items(krate, module).to_vec() {
            let (name, found) = match &item {
                Item::Mod(child) if is_public(&child.vis) && !is_hidden(&child.attrs) => {
                    let name = child.ident.to_string();
                    (name.clone(), Found::Module(krate.to_owned(), [module, &[name]].concat()))
                }
                Item::Use(uses) if is_public(&uses.vis) && !is_hidden(&uses.attrs) => {
                    for (name, path) in sources::imports(&uses.tree) {
                        let found = self.sources.resolve(krate, module, &path);
                        self.add(&format!("{public}::{name}"), found);
                    }
                    continue;
                }
                item => match sources::public_name(item) {
                    Some(name) => (name, Found::Item(krate.to_owned(), module.to_vec(), item.clone())),
                    None => continue,
                },
            };
            self.add(&format!("{public}::{name}"), found);
        }
    }

    fn add(&mut self, public: &str, found: Found) {
        match found {
            Found::Module(krate, module) => self.module(&krate, &module, public),
            Found::External(path) => drop(self.entries.insert(public.to_owned(), format!("    pub use {path};\n"))),
            Found::Item(krate, module, item) => {
                let name = sources::public_name(&item).expect("an item that is used publicly is public");
                let mut text = shown(signature(item));
                for implementation in self.sources.implementations(&krate, &module, &name) {
                    text += &shown(implementation_signature(implementation));
                }
                self.entries.insert(public.to_owned(), text);
            }
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Attributes that are part of the API.
fn kept(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| {
        ["non_exhaustive", "must_use", "derive", "deprecated", "cfg"].iter().any(|name| attribute.path().is_ident(name))
    });
}

fn fields(fields: &mut Fields) {
    if let Fields::Named(named) = fields {
        named.named = std::mem::take(&mut named.named).into_iter().filter(|field| is_public(&field.vis)).collect();
    }
    fields.iter_mut().for_each(|field| kept(&mut field.attrs));
}

/// Removes `mut` from parameters: callers do not see it.
fn parameters(signature: &mut Signature) {
    for input in &mut signature.inputs {
        match input {
            FnArg::Receiver(receiver) => receiver.mutability = None,
            FnArg::Typed(PatType { pat, .. }) => {
                if let Pat::Ident(name) = pat.as_mut() {
                    name.mutability = None;
                }
            }
        }
    }
}

/// An item without documentation, private fields and bodies.
fn signature(mut item: Item) -> Item {
    match &mut item {
        Item::Fn(function) => {
            kept(&mut function.attrs);
            parameters(&mut function.sig);
            function.block.stmts.clear();
        }
        Item::Struct(definition) => {
            kept(&mut definition.attrs);
            fields(&mut definition.fields);
        }
        Item::Enum(definition) => {
            kept(&mut definition.attrs);
            for variant in &mut definition.variants {
                kept(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| kept(&mut field.attrs));
            }
        }
        Item::Trait(definition) => {
            kept(&mut definition.attrs);
            definition.items.retain(|item| !matches!(item, TraitItem::Fn(function) if is_hidden(&function.attrs)));
            for item in &mut definition.items {
                match item {
                    TraitItem::Fn(function) => {
                        kept(&mut function.attrs);
                        function.default = None;
                    }
                    TraitItem::Type(definition) => kept(&mut definition.attrs),
                    _ => {}
                }
            }
        }
        Item::Type(definition) => kept(&mut definition.attrs),
        Item::Const(definition) => kept(&mut definition.attrs),
        _ => {}
    }
    item
}

/// An implementation with its public methods, without their bodies. That of a trait has no methods of its own.
fn implementation_signature(mut implementation: syn::ItemImpl) -> Item {
    kept(&mut implementation.attrs);
    let is_of_trait = implementation.trait_.is_some();
    implementation.items.retain(
        |item| matches!(item, ImplItem::Fn(method) if !is_of_trait && is_public(&method.vis) && !is_hidden(&method.attrs)),
    );
    for item in &mut implementation.items {
        if let ImplItem::Fn(method) = item {
            kept(&mut method.attrs);
            parameters(&mut method.sig);
            method.block.stmts.clear();
        }
    }
    if implementation.items.is_empty() && !is_of_trait {
        return Item::Verbatim(quote::quote!());
    }
    Item::Impl(implementation)
}

fn shown(item: Item) -> String {
    if item.to_token_stream().is_empty() {
        return String::new();
    }
    let file = syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] };
    prettyplease::unparse(&file).lines().flat_map(|line| ["    ", line, "\n"]).collect()
}
