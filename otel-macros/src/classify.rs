//! What kind of function is this?

use syn::ReturnType;

use crate::{
    args::{Args, Target},
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

/// The first that fits: what the user says, what a route attribute says, `main`, what the body builds, what comes back.
pub(crate) fn classify(function: &Function, args: &Args, below_route: bool) -> Target {
    // actix-web takes any function that returns a future; ours has to be async to get a parameter of its own.
    let below_route = below_route && function.sig.asyncness.is_some();
    if args.handler || below_route || function.attrs.iter().any(routes::is_route) {
        return Target::Handler;
    }
    if is_main(function) {
        return Target::Main;
    }
    if builds_server(function, args) || args.server.is_some() || !args.app {
        return Target::Server;
    }
    match &function.sig.output {
        ReturnType::Type(_, ty) if signature::is_app(ty) => Target::App,
        _ => Target::Function,
    }
}

fn is_main(function: &Function) -> bool {
    function.sig.ident == "main" && function.sig.inputs.is_empty() && function.sig.generics.params.is_empty()
}

/// Whether a server is built in the body.
pub(crate) fn builds_server(function: &Function, args: &Args) -> bool {
    function.body.as_ref().is_some_and(|body| contains_server(&body.statements, &server_name(args)))
}
