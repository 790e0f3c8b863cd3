//! The names of this project in woven code. A build of the runtime takes minutes; these tests find a renamed item at once.
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

use std::collections::BTreeSet;

use super::tokens::{self, Token};
use crate::recipe::{Recipe, Weave};
use crate::runtime::sources;

/// Imports all names, so that a name without an item does not compile.
macro_rules! names {
    ($($name:path),* $(,)?) => {
        $(#[allow(unused_imports)] use $name as _;)*
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

names![
    otel_actix::__private::ServiceKind,
    otel_actix::__private::app_built,
    otel_agent::start,
    otel_hooks::carry,
    otel_hooks::carry_fn,
    otel_hooks::client,
    otel_hooks::client::Attached,
    otel_hooks::client::DatabaseSpan,
    otel_hooks::client::HttpClientSpan,
    otel_hooks::client::RequestHeaders,
    otel_hooks::client::scope,
    otel_hooks::client::time_out,
    otel_hooks::client::within_query,
    otel_hooks::config::ClientLibrary,
    otel_hooks::database::DatabaseFacts,
    otel_hooks::formatted::displayed,
    otel_hooks::global,
    otel_hooks::http::ClientRequestFacts,
    otel_hooks::http::ClientResponseFacts,
    otel_hooks::http::HeaderLookup,
    otel_hooks::http::HttpVersion,
    otel_hooks::http::error_type_of,
    otel_hooks::http::io_error_type,
    otel_hooks::log::set_boxed_logger,
    otel_hooks::log::set_logger,
    otel_hooks::opentelemetry::Context,
    otel_hooks::opentelemetry::trace::SpanId,
    otel_hooks::opentelemetry::trace::TraceContextExt,
    otel_hooks::record_event,
];

#[test]
fn woven_code_uses_existing_names() {
    let mut used = BTreeSet::new();
    for recipe in Recipe::all() {
        match recipe {
            Recipe::Weave(weave) => {
                for edit in &weave.edits {
                    // The sources of otel-actix are a module of actix-web.
                    let replacement =
                        edit.replace.replace('$', "").replace("crate::__otel::__private", "otel_actix::__private");
                    add_names(&replacement, &mut used);
                }
                add_names_of_module(weave, &mut used);
            }
            Recipe::Share(share) => add_names(&share.source, &mut used),
        }
    }
    let names: BTreeSet<String> = NAMES.iter().map(|name| name.replace(' ', "")).collect();
    let missing: Vec<&String> = used.difference(&names).collect();
    assert_eq!(missing, Vec::<&String>::new(), "add them to `names!`");
    let unused: Vec<&String> = names.difference(&used).collect();
    assert_eq!(unused, Vec::<&String>::new(), "no recipe needs them");
}

/// Adds the names in the files of otel-clients that belong to a recipe's module. `otel_core` is `otel-hooks` there.
fn add_names_of_module(weave: &Weave, names: &mut BTreeSet<String>) {
    let (Some(package), Some(root)) = (&weave.module, &weave.module_root) else { return };
    for (name, text) in sources::of_package(package) {
        let (module, file) = name.split_once('/').unwrap_or((name.trim_end_matches(".rs"), ""));
        // `mod x;` in the root takes all files of folder `x`; `mod x { mod y; }` takes `y` alone.
        let is_declared =
            root.contains(&format!("mod {};", file.trim_end_matches(".rs"))) || root.contains(&format!("{file:?}"));
        if root.contains(&format!("mod {module};")) || root.contains(&format!("mod {module} {{")) && is_declared {
            add_names(&text.replace("otel_core::", "otel_hooks::"), names);
        }
    }
}

/// Adds the paths in `text` that begin with a crate of this project.
fn add_names(text: &str, names: &mut BTreeSet<String>) {
    // An edit may end within brackets, as its pattern does.
    let code = tokens::of_pattern(text).unwrap();
    for (index, token) in code.iter().enumerate() {
        if ["otel_actix", "otel_agent", "otel_hooks"].contains(&token.text.as_str()) && is_separator(&code, index + 1) {
            add_path(&code, index + 3, &token.text, names);
        }
    }
}

/// Adds the paths that go on at `index`. Returns the index behind them.
fn add_path(code: &[Token], index: usize, prefix: &str, names: &mut BTreeSet<String>) -> usize {
    let token = &code.get(index).unwrap().text;
    if token == "{" {
        let mut next = index + 1;
        while code.get(next).is_some_and(|token| token.text != "}") {
            next = add_path(code, next, prefix, names);
            if code.get(next).is_some_and(|token| token.text == ",") {
                next += 1;
            }
        }
        return next + 1;
    }
    let path = if token == "self" { prefix.to_owned() } else { format!("{prefix}::{token}") };
    // A type and its function: the type is checked.
    let is_type = token.starts_with(char::is_uppercase);
    if is_separator(code, index + 1) && !is_type {
        return add_path(code, index + 3, &path, names);
    }
    names.insert(path);
    let is_renamed = code.get(index + 1).is_some_and(|token| token.text == "as");
    index + if is_renamed { 3 } else { 1 }
}

fn is_separator(code: &[Token], index: usize) -> bool {
    code.get(index..index + 2).is_some_and(|tokens| tokens.iter().all(|token| token.text == ":"))
}
