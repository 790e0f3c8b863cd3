//! The attribute in the text of one file.

use anyhow::{Context as _, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{
    Attribute, Block, ImplItem, Item, ItemImpl, ItemMod, Meta, ReturnType, Signature, TraitItem, Type, Visibility,
};

use super::Patterns;

/// In front of a function and on its line, so that the compiler reports the same lines.
const ATTRIBUTE: &str = "#[::otel_agent::auto_instrument(crate = ::otel_agent)] ";

/// Attributes of actix-web that make a handler: the span of a handler is that of the request.
const ROUTES: [&str; 12] =
    ["get", "post", "put", "delete", "head", "connect", "options", "trace", "patch", "query", "route", "routes"];

/// Traits whose methods the runtime calls while it makes a span. A span in one of them would never end beginning.
const OF_TELEMETRY: [&str; 9] = [
    "Allocator",
    "GlobalAlloc",
    "Layer",
    "Log",
    "LogProcessor",
    "Sampler",
    "ShouldSample",
    "SpanProcessor",
    "Subscriber",
];

/// A file with the attribute.
#[derive(Debug, Default)]
pub(super) struct Annotated {
    /// The text; `None` if no function of the file is selected.
    pub(super) text: Option<String>,
    /// Paths of the functions that got the attribute.
    pub(super) functions: Vec<String>,
    /// Modules in other files.
    pub(super) modules: Vec<Module>,
}

/// A module in another file.
#[derive(Debug)]
pub(super) struct Module {
    /// Its path, beginning with the crate.
    pub(super) path: String,
    /// The names of the inline modules around it in the file, and its own.
    pub(super) names: Vec<String>,
    /// `#[path = ".."]`
    pub(super) file: Option<String>,
}

/// Puts the attribute in front of the selected functions of the module `path`.
///
/// # Errors
///
/// If the text is no Rust that `syn` can read.
pub(super) fn annotate(text: &str, path: &str, patterns: &Patterns) -> Result<Annotated> {
    let start = start_of_code(text);
    let file: syn::File =
        syn::parse_str(&text[start..]).with_context(|| format!("the module {path} cannot be read"))?;
    let mut walk = Walk { patterns, positions: Vec::new(), annotated: Annotated::default() };
    walk.items(&file.items, path, &[]);
    let Walk { mut positions, mut annotated, .. } = walk;
    if !positions.is_empty() {
        positions.sort_unstable();
        let mut edited = text.to_owned();
        positions.into_iter().rev().for_each(|at| edited.insert_str(start + at, ATTRIBUTE));
        annotated.text = Some(edited);
    }
    Ok(annotated)
}

/// The bytes before the code: a byte order mark, and a line for a shell.
fn start_of_code(text: &str) -> usize {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let code = &text[mark..];
    let is_for_shell = code.starts_with("#!") && !code[2..].trim_start().starts_with('[');
    mark + if is_for_shell { code.find('\n').unwrap_or(code.len()) } else { 0 }
}

struct Walk<'a> {
    patterns: &'a Patterns,
    /// Bytes of the text in front of which the attribute is put.
    positions: Vec<usize>,
    annotated: Annotated,
}

impl Walk<'_> {
    fn items(&mut self, items: &[Item], path: &str, inline: &[String]) {
        for item in items {
            match item {
                Item::Fn(item) if !is_main(&item.sig) => {
                    self.function(&item.attrs, &item.vis, &item.sig, &item.block, path);
                }
                Item::Impl(item) if !is_of_telemetry(item) => {
                    let path = match &*item.self_ty {
                        Type::Path(name) => name.path.segments.last().map(|name| format!("{path}::{}", name.ident)),
                        _ => None,
                    };
                    let path = path.as_deref().unwrap_or_default();
                    for item in &item.items {
                        if let ImplItem::Fn(item) = item {
                            self.function(&item.attrs, &item.vis, &item.sig, &item.block, path);
                        }
                    }
                }
                Item::Trait(item) => {
                    let path = format!("{path}::{}", item.ident);
                    for item in &item.items {
                        if let TraitItem::Fn(item) = item
                            && let Some(body) = &item.default
                        {
                            self.function(&item.attrs, &Visibility::Inherited, &item.sig, body, &path);
                        }
                    }
                }
                Item::Mod(item) => self.module(item, path, inline),
                _ => {}
            }
        }
    }

    fn module(&mut self, item: &ItemMod, path: &str, inline: &[String]) {
        let path = format!("{path}::{}", item.ident);
        let names: Vec<String> = inline.iter().cloned().chain([item.ident.to_string()]).collect();
        match &item.content {
            Some((_, items)) => self.items(items, &path, &names),
            None => self.annotated.modules.push(Module { path, names, file: file_of(&item.attrs) }),
        }
    }

    fn function(
        &mut self,
        attributes: &[Attribute],
        visibility: &Visibility,
        signature: &Signature,
        body: &Block,
        path: &str,
    ) {
        let path = format!("{path}::{}", signature.ident);
        let is_selected = self.patterns.select(&path)
            && signature.constness.is_none()
            && !attributes.iter().any(has_other_use)
            && !is_app(signature)
            && !names_server(body.to_token_stream());
        if !is_selected {
            return;
        }
        let span = match visibility {
            Visibility::Inherited => signature.span(),
            visibility => visibility.span(),
        };
        self.positions.push(span.byte_range().start);
        self.annotated.functions.push(path);
    }
}

/// Returns `true` for the program's `main`, which serves and does not end.
fn is_main(signature: &Signature) -> bool {
    signature.ident == "main" && signature.inputs.is_empty()
}

/// Returns `true` if the attribute makes a handler or a test.
fn has_other_use(attribute: &Attribute) -> bool {
    let Some(name) = attribute.path().segments.last().map(|name| name.ident.to_string()) else { return false };
    // Other crates have a `#[trace(..)]`, too, but none with a path as the first argument.
    let is_route = || match &attribute.meta {
        Meta::List(list) => {
            matches!(list.tokens.clone().into_iter().next(), Some(TokenTree::Literal(_) | TokenTree::Group(_)))
        }
        _ => name == "routes",
    };
    name == "test" || name == "bench" || ROUTES.contains(&name.as_str()) && is_route()
}

/// Returns `true` if the runtime itself calls the methods of the implementation.
fn is_of_telemetry(item: &ItemImpl) -> bool {
    let name = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
    name.is_some_and(|name| OF_TELEMETRY.iter().any(|known| name.ident == known))
}

/// Returns `true` if the code names `HttpServer`: for `#[auto_instrument]`, such a function sets up the server.
fn names_server(code: TokenStream) -> bool {
    code.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "HttpServer",
        TokenTree::Group(group) => names_server(group.stream()),
        _ => false,
    })
}

/// Returns `true` if the function returns an `App`: for `#[auto_instrument]`, such a function sets up the server.
fn is_app(signature: &Signature) -> bool {
    match &signature.output {
        ReturnType::Type(_, returned) => match &**returned {
            Type::Path(name) => name.path.segments.last().is_some_and(|name| name.ident == "App"),
            _ => false,
        },
        ReturnType::Default => false,
    }
}

/// The file in `#[path = ".."]`.
fn file_of(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(file), .. }) => Some(file.value()),
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    fn annotated(text: &str, patterns: &str) -> Annotated {
        annotate(text, "app", &Patterns::parse([patterns]).unwrap()).unwrap()
    }

    #[test]
    fn the_attribute_stands_on_the_functions_line_below_other_attributes() {
        // Input:  /// Docs\n#[inline]\npub(crate) async fn a() {}
        // Output: /// Docs\n#[inline]\n#[..] pub(crate) async fn a() {}
        let text = "//! é\n/// Docs\n#[inline]\npub(crate) async fn a() {}\nunsafe extern \"C\" fn b() {}\nstruct S;\n\
                    impl S { fn c(&self) {} pub fn d() {} }\ntrait T { fn e(); fn f() {} }\nmod m { fn g() {} }\n";
        let found = annotated(text, "app::*");
        assert_eq!(found.functions, ["app::a", "app::b", "app::S::c", "app::S::d", "app::T::f", "app::m::g"]);
        let mut expected = text.to_owned();
        let starts = ["pub(crate) async", "unsafe", "fn c", "pub fn d", "fn f", "fn g"];
        for start in starts {
            expected = expected.replace(start, &format!("{ATTRIBUTE}{start}"));
        }
        assert_eq!(found.text.unwrap(), expected);
    }

    #[test]
    fn the_rest_of_a_program_stays_as_it_is() {
        let text = "#[actix_web::main]\nasync fn main() {}\n#[get(\"/\")]\nasync fn index() {}\n#[test]\nfn works() {}\n\
                    const fn answer() -> u32 { 42 }\nfn app() -> App<impl Factory> { App::new() }\n\
                    fn run() { HttpServer::new(app) }\n#[query(\"/x\")]\nasync fn query() {}\n\
                    unsafe impl GlobalAlloc for Pool { unsafe fn alloc(&self) {} }\n\
                    macro_rules! m { () => { fn inside() {} } }\n";
        let found = annotated(text, "app::*");
        assert!(found.text.is_none() && found.functions.is_empty(), "{found:?}");
    }

    #[test]
    fn text_before_the_code_counts() {
        for before in ["\u{feff}", "#!/usr/bin/env rust\n", "\u{feff}#!/é\n", "#![allow(dead_code)]\n"] {
            let found = annotated(&format!("{before}fn a() {{}}\n#[trace]\nfn b() {{}}\n"), "app::*");
            let expected = format!("{before}{ATTRIBUTE}fn a() {{}}\n#[trace]\n{ATTRIBUTE}fn b() {{}}\n");
            assert_eq!(found.text.unwrap(), expected);
        }
    }

    #[test]
    fn routes_are_those_of_the_attribute() {
        let (_, text) =
            crate::runtime::sources::of_package("otel-macros").find(|(name, _)| *name == "routes.rs").unwrap();
        let list = text.split_once("const ROUTES: [&str; 12] =").unwrap().1.split_once(';').unwrap().0;
        assert_eq!(list.split_whitespace().collect::<Vec<_>>().join(" "), format!("{ROUTES:?}"));
    }

    #[test]
    fn modules_in_other_files_are_named() {
        let found = annotated("mod a;\nmod b { mod c; }\n#[path = \"x/d.rs\"]\npub mod d;\n", "app::*");
        let modules: Vec<_> = found.modules.iter().map(|module| (&*module.path, module.names.join("/"))).collect();
        assert_eq!(modules, [("app::a", "a".to_owned()), ("app::b::c", "b/c".to_owned()), ("app::d", "d".to_owned())]);
        assert_eq!(
            found.modules.iter().map(|module| module.file.as_deref()).collect::<Vec<_>>(),
            [None, None, Some("x/d.rs")]
        );
        assert!(annotate("fn {", "app", &Patterns::default()).is_err());
    }
}
