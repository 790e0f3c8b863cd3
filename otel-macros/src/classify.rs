//! The kind of an annotated function.

use crate::{
    args::{Args, Target},
    expand::Surroundings,
    item::Function,
    routes, signature,
    tokens::contains_server,
};

/// Name of the type whose `new` starts a server.
const SERVER: &str = "HttpServer";

/// The name under which servers are built in this function.
pub(crate) fn server_name(args: &Args) -> String {
    args.server.as_ref().map_or_else(|| SERVER.to_owned(), ToString::to_string)
}

/// The first kind that fits: by the arguments, by a route attribute, as the program's `main`, by the body, by the type.
pub(crate) fn classify(function: &Function, args: &Args, place: &Surroundings<'_>) -> Target {
    // actix-web takes any function that returns a future; ours has to be async to get a parameter of its own.
    let below_route = place.below_route && function.sig.asyncness.is_some();
    if args.handler || below_route || function.attrs.iter().any(routes::is_route) {
        return Target::Handler;
    }
    let is_main = is_main(function) && !place.is_nested;
    // With `app = false, init = false` a function is not the program's `main`.
    let leaves_nothing = !args.app && !args.init;
    if is_main && !leaves_nothing {
        return Target::Main;
    }
    let returns_app = signature::returns_app(&function.sig);
    if builds_server(function, args) || args.server.is_some() || !(args.app || is_main || returns_app) {
        return Target::Server;
    }
    if returns_app && args.app { Target::App } else { Target::Function }
}

fn is_main(function: &Function) -> bool {
    function.sig.ident == "main" && function.sig.inputs.is_empty() && function.sig.generics.params.is_empty()
}

/// Returns `true` if a server is built in the body.
pub(crate) fn builds_server(function: &Function, args: &Args) -> bool {
    function.body.as_ref().is_some_and(|body| contains_server(&body.statements, &server_name(args)))
}
