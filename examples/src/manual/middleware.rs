//! One SERVER span per request.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
use opentelemetry::{
    global,
    trace::{FutureExt as _, SpanKind, TraceContextExt as _, Tracer as _},
};

use super::{
    body::{Recorded, RecordedBody},
    conventions::Conventions,
    method::Method,
    propagation::RequestHeaders,
    request, response,
};

/// Middleware for `App::wrap(actix_web::middleware::from_fn(server_span))`.
///
/// It has to be the last `wrap` of the app, which makes it the outermost.
///
/// # Errors
///
/// Errors of the inner services pass through.
pub async fn server_span(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let conventions = Conventions::selected();
    let method = Method::of(&req);

    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&RequestHeaders(req.headers())));
    let tracer = global::tracer("server_manual");
    let span = tracer
        .span_builder(method.span_name(None))
        .with_kind(SpanKind::Server)
        .with_attributes(request::attributes(&req, &method, conventions))
        .start_with_context(&tracer, &parent);
    let cx = parent.with_span(span);
    // From here on the span ends in any case, even if this future is dropped or panics.
    let mut recorded = Recorded::new(cx.clone(), conventions);

    // `call` runs inside the block: its synchronous part sees the span as well.
    match async { next.call(req).await }.with_context(cx).await {
        Ok(response) => {
            response::record(recorded.answered(), &response, &method, conventions);
            Ok(response.map_body(|_, body| RecordedBody::new(body, recorded)))
        }
        Err(error) => {
            response::record_error(recorded.answered(), &error, conventions);
            Err(error)
        }
    }
}
