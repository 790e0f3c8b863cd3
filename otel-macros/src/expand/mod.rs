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

use crate::{
    args::{Args, Target},
    classify::classify,
    diagnostics::Diagnostics,
    item::{Function, Item},
    tokens::carry_into_tasks,
};

/// The attribute as a function of tokens. `below_route` is `true` if a route attribute stands above ours in the source.
///
/// The item is emitted in any case: unchanged if it cannot be instrumented.
pub(crate) fn auto_instrument(args: TokenStream, item: &TokenStream, below_route: bool) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let args = Args::default().read(args, &mut diagnostics);
    let expansion = match syn::parse2::<Item>(item.clone()) {
        _ if args.skip => item.clone(),
        Ok(Item::Function(function)) => {
            expand_function(*function, &args, &Surroundings { below_route, ..Surroundings::ALONE }, &mut diagnostics)
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
    /// The type parameters around it that need not be `'static`.
    pub(crate) short_lived: Option<&'a [Ident]>,
    /// `true` if it stands in an annotated block or module, and so is not the program's `main`.
    pub(crate) is_nested: bool,
    /// `true` if a route attribute stands above ours.
    pub(crate) below_route: bool,
}

impl Surroundings<'_> {
    /// A function that is annotated itself.
    const ALONE: Self = Self { within: None, short_lived: None, is_nested: false, below_route: false };

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
