//! The annotated item → the instrumented item. One kind of target per file, each with its input and output in front.

mod app;
mod body;
mod container;
mod fields;
mod function;
mod handler;
mod location;
mod main_fn;
mod server;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, parse_quote_spanned, spanned::Spanned as _};

use crate::{
    args::{Args, Target},
    classify::classify,
    diagnostics::Diagnostics,
    item::{Container, Function, Item},
    returns,
    source::Surrounding,
    spans::generated,
    tokens::carry_into_tasks,
};

/// The attribute as a function of tokens, and of the text around it.
///
/// The item is emitted in any case: unchanged if it cannot be instrumented.
pub(crate) fn auto_instrument(args: TokenStream, item: &TokenStream, surrounding: &Surrounding) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let args = Args::default().read(args, &mut diagnostics);
    let expansion = match syn::parse2::<Item>(item.clone()) {
        _ if args.skip => item.clone(),
        Ok(Item::Function(function)) => {
            let short_lived = returns::is_boxed_future(&function.sig)
                .then(|| short_lived_around(surrounding.block.as_deref()?))
                .flatten();
            let place = Surroundings {
                within: None,
                short_lived: short_lived.as_deref(),
                is_nested: false,
                below_route: surrounding.route,
            };
            expand_function(*function, &args, &place, &mut diagnostics)
        }
        Ok(Item::Container(container)) => container::expand(container, &args, &mut diagnostics),
        Err(error) => {
            diagnostics.push(error);
            item.clone()
        }
    };
    if diagnostics.is_empty() { expansion } else { diagnostics.attach_to(item) }
}

/// The visible surroundings of a function.
pub(crate) struct Surroundings<'a> {
    /// The type or trait of a method.
    pub(crate) within: Option<&'a Ident>,
    /// The type parameters around it that need not be `'static`; `None` if they are not visible.
    pub(crate) short_lived: Option<&'a [Ident]>,
    /// `true` if it stands in an annotated block or module, and so is not the program's `main`.
    pub(crate) is_nested: bool,
    /// `true` if a route attribute stands above ours.
    pub(crate) below_route: bool,
}

/// The type parameters that a method of the block sees; `None` if the head is not that of an `impl`, a trait or a module:
/// the parameters of a `macro_rules!` are written elsewhere.
fn short_lived_around(head: &str) -> Option<Vec<Ident>> {
    if head.trim().is_empty() {
        return Some(Vec::new());
    }
    // The first item of a file or module follows the inner attributes and documentation of that.
    let parse = |input: ParseStream<'_>| {
        input.call(Attribute::parse_inner)?;
        input.parse::<Container>()
    };
    let container = parse.parse_str(&format!("{head} {{}}")).ok()?;
    (!head.contains('$')).then(|| container.context.short_lived().to_vec())
}

impl Surroundings<'_> {
    /// `name`, or `Type::name`
    pub(crate) fn qualified(&self, name: &Ident) -> String {
        use syn::ext::IdentExt;
        match self.within {
            Some(within) => format!("{}::{}", within.unraw(), name.unraw()),
            None => name.unraw().to_string(),
        }
    }
}

/// One function, directly annotated or in a container.
pub(crate) fn expand_function(
    mut function: Function,
    args: &Args,
    place: &Surroundings<'_>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let target = classify(&function, args, place);
    args.check(target, diagnostics);
    allow_unfulfilled(&mut function.attrs);
    let private = args.private(function.name_span());
    if let (true, Some(body)) = (args.carry, &mut function.body) {
        body.statements = carry_into_tasks(&function.sig, std::mem::take(&mut body.statements), &private);
    }
    if function.body.is_none() {
        diagnostics.error_at(
            &function.sig,
            "expected a function with a body",
            "put the attribute on the implementation, or give the function a default body",
        );
        return function.into_token_stream();
    }
    match target {
        Target::Main => main_fn::expand(function, args, diagnostics),
        Target::Server => server::expand(function, args, diagnostics),
        Target::App => app::expand(function, args, diagnostics),
        Target::Handler => handler::expand(function, args, place, diagnostics),
        Target::Function | Target::Container => function::expand(function, args, place, diagnostics),
    }
}

/// Some lints do not look into our closures and blocks, or find an `await` of ours. An `#[expect]` of one on the item would be
/// reported as unfulfilled.
fn allow_unfulfilled(attrs: &mut Vec<Attribute>) {
    let expects = |attr: &Attribute| {
        attr.path().is_ident("expect")
            || attr.path().is_ident("cfg_attr")
                && attr
                    .to_token_stream()
                    .to_string()
                    .split(|other: char| !other.is_alphanumeric())
                    .any(|word| word == "expect")
    };
    if let Some(expectation) = attrs.iter().find(|attr| expects(attr)) {
        let span = generated(expectation.path().span());
        attrs.push(parse_quote_spanned!(span=> #[allow(unfulfilled_lint_expectations)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_the_first_item_has_the_documentation_of_its_file() {
        for head in ["impl<T> Foo<T>", "//! Docs.\n\n#![allow(dead_code)]\n\n/// More.\nimpl<T> Foo<T>"] {
            let names = short_lived_around(head).map(|names| names.iter().map(Ident::to_string).collect::<Vec<_>>());
            assert_eq!(names, Some(vec!["T".to_owned()]), "{head}");
        }
        assert!(short_lived_around("").is_some_and(|names| names.is_empty()));
        assert!(short_lived_around("$head").is_none());
    }
}
