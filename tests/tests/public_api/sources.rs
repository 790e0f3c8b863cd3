//! The sources of the workspace's crates, and the paths between their items.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use syn::parse::ParseStream;
use syn::{Attribute, Item, ItemImpl, Meta, Type, UseTree, Visibility};

/// The target of a path.
#[derive(Clone)]
#[allow(clippy::large_enum_variant, reason = "there are few, for a moment")]
pub(crate) enum Found {
    /// A module, by its crate and the names that lead to it.
    Module(String, Vec<String>),
    /// An item, its crate and its module.
    Item(String, Vec<String>, Item),
    /// An item of a crate that is not ours.
    External(String),
}

/// The modules of each crate, by the names that lead to them.
pub(crate) struct Sources(BTreeMap<String, BTreeMap<Vec<String>, Vec<Item>>>);

impl Sources {
    pub(crate) fn load(crates: &[&str]) -> Self {
        let load = |name: &&str| {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name.replace('_', "-")).join("src");
            let mut modules = BTreeMap::new();
            load_module(&folder.join("lib.rs"), &folder, Vec::new(), &mut modules);
            ((*name).to_owned(), modules)
        };
        Self(crates.iter().map(load).collect())
    }

    /// The modules of a crate, each with its items.
    pub(crate) fn modules(&self, krate: &str) -> &BTreeMap<Vec<String>, Vec<Item>> {
        &self.0[krate]
    }

    pub(crate) fn items(&self, krate: &str, module: &[String]) -> &[Item] {
        self.0[krate].get(module).map(Vec::as_slice).unwrap_or_default()
    }

    /// The implementations for the type or trait `name` of a module, in the order of the modules' names. If the crate has
    /// several of this name, implementations outside of the module belong to the others.
    pub(crate) fn implementations(&self, krate: &str, module: &[String], name: &str) -> Vec<ItemImpl> {
        let is_for = |ty: &Type| matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name));
        let modules = &self.0[krate];
        let has_name = |item: &Item| public_name(item).is_some_and(|other| other == name);
        let is_only = modules.values().filter(|items| items.iter().any(has_name)).count() == 1;
        let items = modules.iter().filter(|(path, _)| is_only || path.starts_with(module)).flat_map(|(_, items)| items);
        let all = items.filter_map(|item| match item {
            Item::Impl(item) if is_for(&item.self_ty) && !is_hidden(&item.attrs) => Some(item.clone()),
            _ => None,
        });
        all.collect()
    }

    /// Follows a path that stands in a module.
    pub(crate) fn resolve(&self, krate: &str, module: &[String], path: &[String]) -> Found {
        let (first, rest) = path.split_first().expect("a path has a segment");
        let start = match first.as_str() {
            "crate" => Found::Module(krate.to_owned(), Vec::new()),
            "self" => Found::Module(krate.to_owned(), module.to_vec()),
            "super" => Found::Module(krate.to_owned(), module[..module.len() - 1].to_vec()),
            name => match self.find(krate, module, name, !rest.is_empty()) {
                Some(found) => found,
                None if self.0.contains_key(name) => Found::Module(name.to_owned(), Vec::new()),
                None => return Found::External(path.join("::")),
            },
        };
        rest.iter().enumerate().fold(start, |found, (index, name)| match found {
            Found::Module(krate, module) => self
                .find(&krate, &module, name, index + 1 < rest.len())
                .unwrap_or_else(|| panic!("no {name} in {krate}::{}", module.join("::"))),
            Found::External(path) => Found::External(format!("{path}::{name}")),
            Found::Item(..) => panic!("{name} is in no module"),
        })
    }

    /// Finds `name` in a module. A function and a module may have the same name: `is_module` chooses.
    fn find(&self, krate: &str, module: &[String], name: &str, is_module: bool) -> Option<Found> {
        let child = [module, &[name.to_owned()]].concat();
        let has_child = self.0[krate].contains_key(&child);
        let child = has_child.then(|| Found::Module(krate.to_owned(), child));
        if is_module && has_child {
            return child;
        }
        let items = self.items(krate, module);
        if let Some(item) = items.iter().find(|item| public_name(item).is_some_and(|other| other == name)) {
            return Some(Found::Item(krate.to_owned(), module.to_vec(), item.clone()));
        }
        let uses = items.iter().filter_map(|item| if let Item::Use(uses) = item { Some(&uses.tree) } else { None });
        let Some((_, path)) = uses.flat_map(imports).find(|(other, _)| other == name) else { return child };
        // `use serde;` and `use log::log` name a crate first.
        let is_crate = path[0] == name && !has_child;
        Some(if is_crate { Found::External(path.join("::")) } else { self.resolve(krate, module, &path) })
    }
}

fn load_module(file: &Path, folder: &Path, path: Vec<String>, modules: &mut BTreeMap<Vec<String>, Vec<Item>>) {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let items = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).items;
    let beside = file.parent().unwrap_or(folder);
    load_items(items.into_iter().map(unwrapped).collect(), folder, beside, path, modules);
}

/// The struct within `pin_project!`; any other item as it is.
fn unwrapped(item: Item) -> Item {
    let inner = match &item {
        Item::Macro(item) if item.mac.path.is_ident("pin_project") => {
            item.mac.parse_body_with(|input: ParseStream<'_>| {
                let item = input.parse();
                input.parse::<TokenStream>()?;
                item
            })
        }
        _ => return item,
    };
    inner.unwrap_or(item)
}

/// Loads the modules among `items`. `folder` has the files of these modules, and `beside` is the folder of the file, to which
/// the path in a `#[path]` is relative.
fn load_items(
    items: Vec<Item>,
    folder: &Path,
    beside: &Path,
    path: Vec<String>,
    modules: &mut BTreeMap<Vec<String>, Vec<Item>>,
) {
    for item in &items {
        let Item::Mod(module) = item else { continue };
        if is_for_tests(&module.attrs) {
            continue;
        }
        let name = module.ident.to_string();
        let inner = [&path[..], std::slice::from_ref(&name)].concat();
        let inner_folder = folder.join(&name);
        if let Some((_, items)) = &module.content {
            load_items(items.clone(), &inner_folder, beside, inner, modules);
            continue;
        }
        let given = module.attrs.iter().find_map(|attribute| match &attribute.meta {
            Meta::NameValue(value) if value.path.is_ident("path") => text_of(&value.value),
            _ => None,
        });
        let candidates: [PathBuf; 2] = [folder.join(format!("{name}.rs")), inner_folder.join("mod.rs")];
        let file = match given {
            Some(file) => beside.join(file),
            None => candidates.into_iter().find(|file| file.exists()).unwrap_or_else(|| panic!("no file of {name}")),
        };
        let is_folders = file.file_name().is_some_and(|file| file == "mod.rs");
        let inner_folder =
            if is_folders { file.parent().map(Path::to_owned).unwrap_or_default() } else { inner_folder };
        load_module(&file, &inner_folder, inner, modules);
    }
    modules.insert(path, items);
}

fn text_of(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |meta: &Meta| {
        matches!(meta, Meta::List(list) if list.path.is_ident("cfg") && {
            let condition = list.tokens.to_string();
            condition == "test" || condition.contains("test ,") || condition.contains("test,") || condition == "doctest"
        })
    };
    attributes.iter().any(|attribute| is_test(&attribute.meta))
}

/// Returns `true` for items that the documentation leaves out.
pub(crate) fn is_hidden(attributes: &[Attribute]) -> bool {
    let hides = |meta: &Meta| matches!(meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string() == "hidden");
    is_for_tests(attributes) || attributes.iter().any(|attribute| hides(&attribute.meta))
}

/// The name of a public item other than a module or an import.
pub(crate) fn public_name(item: &Item) -> Option<String> {
    let (visibility, attributes, name) = match item {
        Item::Fn(item) => (&item.vis, &item.attrs, &item.sig.ident),
        Item::Struct(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Enum(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Trait(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Type(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Const(item) => (&item.vis, &item.attrs, &item.ident),
        Item::Static(item) => (&item.vis, &item.attrs, &item.ident),
        _ => return None,
    };
    (matches!(visibility, Visibility::Public(_)) && !is_hidden(attributes)).then(|| name.to_string())
}

/// The names that an import brings, and the paths that they stand for.
pub(crate) fn imports(tree: &UseTree) -> Vec<(String, Vec<String>)> {
    match tree {
        UseTree::Name(name) => vec![(name.ident.to_string(), vec![name.ident.to_string()])],
        UseTree::Rename(name) => vec![(name.rename.to_string(), vec![name.ident.to_string()])],
        UseTree::Path(path) => {
            let below = imports(&path.tree).into_iter();
            let first = path.ident.to_string();
            below
                .map(|(name, path)| match path.as_slice() {
                    [only] if only == "self" => {
                        (if name == "self" { first.clone() } else { name }, vec![first.clone()])
                    }
                    _ => (name, [std::slice::from_ref(&first), &path[..]].concat()),
                })
                .collect()
        }
        UseTree::Group(group) => group.items.iter().flat_map(imports).collect(),
        UseTree::Glob(_) => Vec::new(),
    }
}
