//! Facts of spans that instrumentation records in place of attributes: cheap to copy on the thread of a request. The
//! exporting thread derives the attributes from them, by the code of the conventions.
//!
//! | module | one idea |
//! |---|---|
//! | `texts` | the texts of many spans in one buffer |
//! | `http_server` | the facts of a request that a server handles |
//! | `open_call_facts` | the facts of an outgoing call while its span is open |
//! | `http_client`, `database`, `rpc` | the facts of outgoing calls by their conventions |
//!
//! A further kind of span adds a module and a variant to [`SpanFacts`], [`RareFacts`] and [`FactsView`].

mod database;
mod http_client;
mod http_server;
mod open_call_facts;
mod rpc;
mod texts;

use crate::attribute::AttributeSink;
use database::DatabaseCallFacts;
use http_client::{HttpClientFacts, RareHttpClientFacts};
use http_server::{HttpServerFacts, HttpServerView, RareHttpServerFacts};
use rpc::RpcCallFacts;

pub(crate) use database::DatabaseView;
pub(crate) use http_client::HttpClientView;
pub(crate) use http_server::OpenServerFacts;
pub(crate) use open_call_facts::OpenCallFacts;
pub(crate) use rpc::RpcView;
pub(crate) use texts::{TextBase, Texts, TextsView};

/// Facts of fixed size: numbers, pointers to static data, and ranges of [`Texts`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum SpanFacts {
    /// A request that a server handled.
    HttpServer(HttpServerFacts),
    /// An outgoing HTTP request.
    HttpClient(HttpClientFacts),
    /// A call to a database.
    Database(DatabaseCallFacts),
    /// A remote procedure call.
    Rpc(RpcCallFacts),
}

/// Facts that few spans have. They own heap memory.
#[derive(Clone, Debug)]
pub(crate) enum RareFacts {
    /// Of a request that a server handled.
    HttpServer(RareHttpServerFacts),
    /// Of an outgoing HTTP request.
    HttpClient(RareHttpClientFacts),
}

impl RareFacts {
    /// Frees the heap memory.
    pub(crate) fn free(&mut self) {
        match self {
            Self::HttpServer(rare) => *rare = RareHttpServerFacts::NONE,
            Self::HttpClient(rare) => *rare = RareHttpClientFacts::NONE,
        }
    }
}

/// The facts of a span that ends, as its instrumentation holds them.
pub(crate) trait OpenFacts {
    /// The facts, and the texts that they refer to. `None` if the span has no facts.
    fn facts(&self) -> Option<(&SpanFacts, &Texts)>;

    /// The rare facts, if there are any: cloned if another exporter needs them as well, else moved.
    fn take_rare(&mut self, is_needed_again: bool) -> Option<RareFacts>;
}

/// A span without facts.
impl OpenFacts for () {
    #[inline]
    fn facts(&self) -> Option<(&SpanFacts, &Texts)> {
        None
    }

    #[inline]
    fn take_rare(&mut self, _: bool) -> Option<RareFacts> {
        None
    }
}

/// The facts of a span that ended, and what follows from them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FactsView<'a> {
    /// Of a request that a server handled.
    HttpServer(HttpServerView<'a>),
    /// Of an outgoing HTTP request.
    HttpClient(HttpClientView<'a>),
    /// Of a call to a database.
    Database(DatabaseView<'a>),
    /// Of a remote procedure call.
    Rpc(RpcView<'a>),
}

impl<'a> FactsView<'a> {
    /// The facts of one span among the `texts` of many.
    pub(crate) fn new(facts: &'a SpanFacts, texts: TextsView<'a>, rare: Option<&'a RareFacts>) -> Self {
        match facts {
            SpanFacts::HttpServer(facts) => {
                let rare = match rare {
                    Some(RareFacts::HttpServer(rare)) => Some(rare),
                    _ => None,
                };
                Self::HttpServer(HttpServerView::new(facts, texts, rare))
            }
            SpanFacts::HttpClient(facts) => {
                let rare = match rare {
                    Some(RareFacts::HttpClient(rare)) => Some(rare),
                    _ => None,
                };
                Self::HttpClient(HttpClientView::new(facts, texts, rare))
            }
            SpanFacts::Database(facts) => Self::Database(DatabaseView::new(facts, texts)),
            SpanFacts::Rpc(facts) => Self::Rpc(RpcView::new(facts, texts)),
        }
    }

    /// The span's name, in one part or in two, which a space separates. `None` if the name that the span started with
    /// holds.
    #[inline]
    pub(crate) fn name_parts(&self) -> Option<(&'a str, Option<&'a str>)> {
        match self {
            Self::HttpServer(server) => server.name_parts().map(|(method, route)| (method, Some(route))),
            Self::HttpClient(client) => client.name_parts().map(|(method, template)| (method, Some(template))),
            Self::Database(call) => Some(call.name_parts()),
            Self::Rpc(call) => Some((call.method(), None)),
        }
    }

    /// Visits the attributes that were known when the span started.
    pub(crate) fn visit_start(&self, sink: &mut impl AttributeSink) {
        match self {
            Self::HttpServer(server) => server.visit_request(sink),
            Self::HttpClient(client) => client.visit_request(sink),
            Self::Database(call) => call.visit_request(sink),
            Self::Rpc(call) => call.visit_request(sink),
        }
    }

    /// The number of the application's attributes, of `all`, that it set before the response.
    #[inline]
    pub(crate) fn app_attributes_before_response(&self, all: usize) -> usize {
        match self {
            Self::HttpServer(server) => server.app_attributes_before_response(all),
            // Those of a call come last: the application knows more of its own call.
            Self::HttpClient(_) | Self::Database(_) | Self::Rpc(_) => 0,
        }
    }

    /// Visits the attributes of the response.
    pub(crate) fn visit_response(&self, sink: &mut impl AttributeSink) {
        match self {
            Self::HttpServer(server) => server.visit_response(sink),
            Self::HttpClient(client) => client.visit_response(sink),
            Self::Database(call) => call.visit_response(sink),
            Self::Rpc(call) => call.visit_response(sink),
        }
    }

    /// Visits the attributes that were known when the span ended.
    pub(crate) fn visit_end(&self, sink: &mut impl AttributeSink) {
        match self {
            Self::HttpServer(server) => server.visit_end(sink),
            Self::HttpClient(client) => client.visit_end(sink),
            Self::Database(_) | Self::Rpc(_) => {}
        }
    }
}
