//! A function that builds servers: the usual `fn run(listener) -> io::Result<Server>`.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::{
    args::{Args, Name},
    classify::{builds_server, server_name},
    diagnostics::Diagnostics,
    item::Function,
    tokens::instrument_servers,
};

/// Only the arguments of `HttpServer::new(..)` change. The function gets no span of its own: it usually returns before
/// the first request, or never.
pub(crate) fn expand(mut function: Function, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    check(&function, args, diagnostics);
    let private = args.private(function.name_span());
    if let (true, Some(body)) = (args.app, &mut function.body) {
        body.statements = instrument_servers(std::mem::take(&mut body.statements), &server_name(args), &private);
    }
    function.into_token_stream()
}

/// Reports that there is no server to instrument.
pub(crate) fn check(function: &Function, args: &Args, diagnostics: &mut Diagnostics) {
    if builds_server(function, args) {
        return;
    }
    let (name, server) = (&function.sig.ident, server_name(args));
    let help = if name == "main" {
        "if another function builds the server, put `#[auto_instrument]` on that one, and \
         `#[auto_instrument(app = false)]` on `main`, which then only starts and flushes telemetry\n\
         if the server has another name here, write `#[auto_instrument(server = Name)]`\n\
         if this is not the `main` of the program, write `#[auto_instrument(app = false, init = false)]`: it then has a \
         span like any other function"
    } else {
        "put the attribute on the function that builds the server"
    };
    let place = args.place_of(Name::Server).or(args.place_of(Name::App)).unwrap_or_else(|| function.name_span());
    diagnostics.error(place, &format!("expected `{server}::new(..)` in the body of `{name}`"), help);
}
