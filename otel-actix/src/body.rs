//! Response bodies that end the SERVER span when they end.

use crate::telemetry::RequestTelemetry;
use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::web::Bytes;
use otel_core::carry::attach_to_drop;
use otel_core::http::Failure;
use otel_core::server::ServerSpan;
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
        // `None` once it ended, or where there is none. Ends as cancelled when dropped: the client went away, or the
        // server stopped.
        span: Option<ServerSpan>,
    }

    impl<B> PinnedDrop for TracedBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let (Some(span), SentProjection::Streamed { .. }) = (this.span, this.body.as_mut().project()) {
                // Values that the body owns may record something when they are dropped, too.
                let _current = attach_to_drop(span.context());
                this.body.set(Sent::Gone);
            }
        }
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
        /// Nothing any more.
        Gone,
    }
}

impl<B: MessageBody> Sent<B> {
    fn size(&self) -> BodySize {
        match self {
            Self::Complete { bytes } => bytes.size(),
            Self::Streamed { body } => body.size(),
            Self::Gone => BodySize::None,
        }
    }
}

impl<B: MessageBody> TracedBody<B> {
    /// Watches a body to its end. One without bytes has ended.
    #[inline]
    pub(crate) fn new(body: B, telemetry: RequestTelemetry) -> Self {
        let mut span = Some(telemetry.into_span());
        let body = match body.size() {
            BodySize::None | BodySize::Sized(0) => {
                // actix-http drops such a body without polling it.
                end(&mut span);
                Err(body)
            }
            BodySize::Sized(_) => body.try_into_bytes(),
            BodySize::Stream => Err(body),
        };
        let body = body.map_or_else(|body| Sent::Streamed { body }, |bytes| Sent::Complete { bytes });
        Self { body, span }
    }

    /// A body whose request has its span elsewhere.
    #[inline]
    pub(crate) fn untraced(body: B) -> Self {
        Self { body: Sent::Streamed { body }, span: None }
    }
}

#[inline]
fn end(span: &mut Option<ServerSpan>) {
    if let Some(mut span) = span.take() {
        // There may have been none, which is worth knowing.
        span.add_response_body_size(0);
        span.end();
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
            // Polled in the span's context: a streamed body is user code as well.
            SentProjection::Streamed { body } => {
                let current = this.span.as_ref().map(|span| span.context().clone().attach());
                let item = ready!(body.poll_next(cx));
                drop(current);
                item
            }
            SentProjection::Gone => None,
        };
        match (&item, this.span) {
            (None, span) => end(span),
            (Some(Err(_)), span) => {
                if let Some(mut span) = span.take() {
                    span.add_response_body_size(0);
                    span.fail(&Failure::Body { error_type: error_type::<B::Error>() });
                }
            }
            // The last of them is not the end: actix-http asks once more when they are written, also of a body of known
            // length, and drops the body when they cannot be.
            (Some(Ok(chunk)), Some(span)) => span.add_response_body_size(chunk.len()),
            (Some(Ok(_)), None) => {}
        }
        Poll::Ready(item)
    }

    fn try_into_bytes(mut self) -> Result<Bytes, Self> {
        // Bytes alone could not tell when they are written, or that they never were.
        if self.span.as_ref().is_some_and(|span| !span.is_silent()) {
            return Err(self);
        }
        match std::mem::replace(&mut self.body, Sent::Gone) {
            Sent::Complete { bytes } => Ok(bytes),
            Sent::Streamed { body } => {
                body.try_into_bytes().map_err(|body| Self { body: Sent::Streamed { body }, span: self.span.take() })
            }
            Sent::Gone => Err(self),
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
        if let Some(telemetry) = telemetry {
            telemetry.into_span().end();
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
    let Some(place) = place.downcast_mut::<T>() else { return };
    if let Some(telemetry) = telemetry.take() {
        let body = std::mem::replace(place, from_boxed(BoxBody::new(())));
        *place = from_boxed(TracedBody::new(body, telemetry).boxed());
    }
}
