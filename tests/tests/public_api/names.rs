//! The names of types, public or not: within a crate, one name has one meaning.

use std::collections::{BTreeMap, BTreeSet};

use syn::Item;

use crate::sources::Sources;

/// Names that mean the same for requests and for calls.
const SHARED: [&str; 2] = ["ActiveGlobals", "Instruments"];

#[test]
fn one_name_has_one_meaning_within_a_crate() {
    for krate in ["otel_actix", "otel_core", "otel_hooks", "otel_macros", "otel_viewer"] {
        let sources = Sources::load(&[krate]);
        let mut names: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, items) in sources.modules(krate) {
            for name in items.iter().filter_map(type_name) {
                names.entry(name).or_default().insert(module.join("::"));
            }
        }
        assert!(!names.is_empty(), "{krate} has no types");
        names.retain(|name, modules| modules.len() > 1 && !SHARED.contains(&name.as_str()));
        assert!(names.is_empty(), "{krate} has types of one name: {names:?}");
    }
}

fn type_name(item: &Item) -> Option<String> {
    let name = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}
