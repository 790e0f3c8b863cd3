//! Starting and answering a request's SERVER span with what actix-web knows.

use crate::{extractor, facts, route};
use actix_web::dev::{AppConfig, RequestHead, ServiceResponse};
use opentelemetry::{Context, InstrumentationScope};
use otel_core::http::settings::HttpSettings;
use otel_core::http::{ResponseFacts, ServerSpan};
use std::sync::LazyLock;

/// This library, as the source of its spans.
static SCOPE: LazyLock<InstrumentationScope> = LazyLock::new(|| {
    InstrumentationScope::builder(env!("CARGO_PKG_NAME")).with_version(env!("CARGO_PKG_VERSION")).build()
});

/// Kept in a request's extensions: the context that holds its SERVER span. Found there, no second span is started.
#[derive(Clone, Debug)]
pub(crate) struct RequestContext(pub(crate) Context);

/// Starts the SERVER span of a request.
pub(crate) fn start(head: &RequestHead, config: &AppConfig) -> ServerSpan {
    let parent = extractor::parent_context(&head.headers);
    ServerSpan::start(&SCOPE, &facts::of_request(head, config), &parent, HttpSettings::current())
}

/// The facts of a response that has its request with it.
pub(crate) fn response_facts<B>(response: &ServiceResponse<B>) -> ResponseFacts {
    ResponseFacts {
        status: response.status().as_u16(),
        route: route::matched(response.request()),
        error: response.response().error().map(ToString::to_string),
    }
}

/// The facts of an error that no middleware turned into a response. actix-web answers with `error_response()` later;
/// neither that response nor the request can be seen from here.
pub(crate) fn error_facts(error: &actix_web::Error) -> ResponseFacts {
    ResponseFacts {
        status: error.as_response_error().status_code().as_u16(),
        route: None,
        error: Some(error.to_string()),
    }
}
