//! Response bodies that end the SERVER span when they end.

use crate::telemetry::RequestTelemetry;
use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::web::Bytes;
use opentelemetry::Context as OtelContext;
use otel_core::http::{Failure, ServerSpan};
use pin_project_lite::pin_project;
use std::any::Any;
use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

pin_project! {
    /// A body under watch. The span ends with the last byte, with the body's error, or when the body is dropped before.
    #[derive(Debug)]
    pub struct TracedBody<B> {
        #[pin]
        body: Sent<B>,
        watch: Watch,
    }
}

pin_project! {
    /// What is sent.
    #[project = SentProjection]
    #[derive(Debug)]
    enum Sent<B> {
        /// Bytes that are all there. No code of anybody runs while they are sent.
        Complete { bytes: Bytes },
        /// Anything else.
        Streamed { #[pin] body: B },
    }
}

impl<B: MessageBody> Sent<B> {
    fn size(&self) -> BodySize {
        match self {
            Self::Complete { bytes } => bytes.size(),
            Self::Streamed { body } => body.size(),
        }
    }
}

/// What is left to do while a body is sent.
#[derive(Debug, Default)]
struct Watch {
    /// Of a request that is excluded.
    silence: Option<OtelContext>,
    /// `None` once the span ended.
    streaming: Option<Streaming>,
}

#[derive(Debug)]
struct Streaming {
    // Ends as cancelled when dropped: the client went away, or the server stopped.
    span: ServerSpan,
    /// Bytes that were handed on so far.
    sent: u64,
    /// No body is sent to the client, so that it may be dropped at any time: HTTP/1 still polls it, HTTP/2 does not.
    without_body: bool,
}

impl Watch {
    /// Current while the body is polled: a streamed body is user code as well.
    fn context(&self) -> Option<&OtelContext> {
        let of_span = self.streaming.as_ref().map(|streaming| streaming.span.context());
        of_span.or(self.silence.as_ref())
    }

    fn finish(&mut self, failure: Option<&Failure>) {
        if let Some(Streaming { mut span, sent, .. }) = self.streaming.take() {
            span.set_response_body_size(sent);
            match failure {
                Some(failure) => span.fail(failure),
                None => span.end(),
            }
        }
    }

    /// Counts bytes that are handed on. The last of them is not the end: actix-http asks once more when they are
    /// written, also of a body of known length, and drops the body when they cannot be.
    fn sent(&mut self, bytes: usize) {
        if let Some(Streaming { sent, .. }) = &mut self.streaming {
            *sent += bytes as u64;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.streaming.as_ref().is_some_and(|streaming| streaming.without_body) {
            self.finish(None);
        }
    }
}

impl<B: MessageBody> TracedBody<B> {
    /// Watches a body to its end. One without bytes has ended.
    pub(crate) fn new(body: B, telemetry: RequestTelemetry) -> Self {
        let is_empty = body.size().is_eof();
        let without_body = telemetry.without_body;
        let (span, silence) = telemetry.into_body();
        let streaming = span.map(|span| Streaming { span, sent: 0, without_body });
        let mut watch = Watch { silence, streaming };
        if is_empty {
            // actix-http drops such a body without polling it.
            watch.finish(None);
        }
        let body = match body.try_into_bytes() {
            Ok(bytes) => Sent::Complete { bytes },
            Err(body) => Sent::Streamed { body },
        };
        Self { body, watch }
    }

    /// A body whose request has its span elsewhere.
    pub(crate) fn untraced(body: B) -> Self {
        Self { body: Sent::Streamed { body }, watch: Watch::default() }
    }
}

impl<B: MessageBody> MessageBody for TracedBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let item = match this.body.project() {
            SentProjection::Complete { bytes } => Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()).map(Ok),
            SentProjection::Streamed { body } => {
                let current = this.watch.context().cloned().map(OtelContext::attach);
                let item = ready!(body.poll_next(cx));
                drop(current);
                item
            }
        };
        match &item {
            None => this.watch.finish(None),
            Some(Err(_)) => this.watch.finish(Some(&Failure::Body { error_type: error_type::<B::Error>() })),
            Some(Ok(chunk)) => this.watch.sent(chunk.len()),
        }
        Poll::Ready(item)
    }

    fn try_into_bytes(self) -> Result<Bytes, Self> {
        let Self { body, watch } = self;
        // Bytes alone could not tell when they are written, or that they never were.
        if watch.streaming.is_some() {
            return Err(Self { body, watch });
        }
        match body {
            Sent::Complete { bytes } => Ok(bytes),
            Sent::Streamed { body } => {
                body.try_into_bytes().map_err(|body| Self { body: Sent::Streamed { body }, watch })
            }
        }
    }
}

/// `error.type` of a failed body: the name of its error type, where that says anything. Most bodies are boxed, and
/// with them their errors.
fn error_type<E>() -> &'static str {
    let name = std::any::type_name::<E>();
    if name == std::any::type_name::<Box<dyn StdError>>() { "response_body_error" } else { name }
}

/// How a layer hands the body on.
pub trait BodyWrapper<B>: 'static {
    /// Type of the body behind the layer.
    type Body: MessageBody;

    #[doc(hidden)]
    fn watch(body: B, telemetry: RequestTelemetry) -> Self::Body;

    #[doc(hidden)]
    fn pass(body: B) -> Self::Body;
}

/// Wraps every body in a [`TracedBody`]. For places where nobody can name the body's type.
#[derive(Debug)]
pub enum Wrapped {}

impl<B: MessageBody> BodyWrapper<B> for Wrapped {
    type Body = TracedBody<B>;

    fn watch(body: B, telemetry: RequestTelemetry) -> Self::Body {
        TracedBody::new(body, telemetry)
    }

    fn pass(body: B) -> Self::Body {
        TracedBody::untraced(body)
    }
}

/// Keeps the body's type, so that a layer can be added to an `App` whose type is spelled out.
///
/// The bodies that most of actix-web's own middlewares leave behind (`BoxBody`, and `EitherBody`s that end in one) can
/// hold a watched body inside. A span around a body of another type (those of `Logger` and `Compress`) ends with the
/// response head.
#[derive(Debug)]
pub enum Preserved {}

impl<B: MessageBody + 'static> BodyWrapper<B> for Preserved {
    type Body = B;

    fn watch(mut body: B, telemetry: RequestTelemetry) -> Self::Body {
        type Either<L> = EitherBody<L>;
        let mut telemetry = Some(telemetry);
        let place: &mut dyn Any = &mut body;
        watch_in_place::<BoxBody>(place, &mut telemetry, |body| body);
        watch_in_place::<Either<BoxBody>>(place, &mut telemetry, Either::right);
        watch_in_place::<Either<Either<BoxBody>>>(place, &mut telemetry, Either::right);
        watch_in_place::<Either<Either<Either<BoxBody>>>>(place, &mut telemetry, Either::right);
        if let Some((Some(span), _)) = telemetry.map(RequestTelemetry::into_body) {
            span.end();
        }
        body
    }

    fn pass(body: B) -> Self::Body {
        body
    }
}

/// Puts a watched body in the place of the one that is there, if that body is a `T`.
fn watch_in_place<T: MessageBody + 'static>(
    place: &mut dyn Any,
    telemetry: &mut Option<RequestTelemetry>,
    from_boxed: fn(BoxBody) -> T,
) {
    if let Some(place) = place.downcast_mut::<T>()
        && let Some(telemetry) = telemetry.take()
    {
        let body = std::mem::replace(place, from_boxed(BoxBody::new(())));
        *place = from_boxed(TracedBody::new(body, telemetry).boxed());
    }
}
