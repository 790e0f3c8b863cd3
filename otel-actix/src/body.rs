//! Response bodies that end the SERVER span when they end, and the two ways in which a layer applies them.

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
    /// A response body that ends the request's span: after its last byte, when it fails, or when it is dropped early. The
    /// body inside is dropped just before the end of the span, and within its context.
    ///
    /// [`HttpTelemetry::wrapping_bodies`](crate::HttpTelemetry::wrapping_bodies) wraps every response body in one. The
    /// client receives the same bytes.
    #[derive(Debug)]
    pub struct TracedBody<B> {
        #[pin]
        body: BodySource<B>,
        // `None` once the span ended, or if another layer owns it. If the body is dropped before its end, the client went
        // away or the server stopped: the span then ends as cancelled.
        span: Option<ServerSpan>,
    }

    impl<B> PinnedDrop for TracedBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let (Some(span), BodySourceProjection::Streamed { .. }) = (this.span, this.body.as_mut().project()) {
                // Values that the body owns may record telemetry in their destructors.
                let _current = attach_to_drop(span.context());
                this.body.set(BodySource::Gone);
            }
        }
    }
}

pin_project! {
    /// The source of the bytes.
    #[project = BodySourceProjection]
    #[derive(Debug)]
    enum BodySource<B> {
        /// All bytes are in memory: sending them runs no code of the application.
        Complete { bytes: Bytes },
        /// Any other body.
        Streamed { #[pin] body: B },
        /// A body without bytes. It was dropped at once.
        Empty { size: BodySize },
        /// The bytes were handed out, or the body was dropped.
        Gone,
    }
}

impl<B: MessageBody> BodySource<B> {
    fn size(&self) -> BodySize {
        match self {
            Self::Complete { bytes } => bytes.size(),
            Self::Streamed { body } => body.size(),
            Self::Empty { size } => *size,
            Self::Gone => BodySize::None,
        }
    }
}

impl<B: MessageBody> TracedBody<B> {
    /// Ends `span` with the body, or now if the body has no bytes.
    #[inline]
    pub(crate) fn new(body: B, span: ServerSpan) -> Self {
        let mut span = Some(span);
        let body = match body.size() {
            size @ (BodySize::None | BodySize::Sized(0)) => {
                // actix-http does not poll such a body. Its bytes run no code when they are dropped; other bodies may.
                if let (Some(span), Err(body)) = (&span, body.try_into_bytes()) {
                    let _current = attach_to_drop(span.context());
                    drop(body);
                }
                end(&mut span);
                return Self { body: BodySource::Empty { size }, span };
            }
            BodySize::Sized(_) => body.try_into_bytes(),
            BodySize::Stream => Err(body),
        };
        let body = body.map_or_else(|body| BodySource::Streamed { body }, |bytes| BodySource::Complete { bytes });
        Self { body, span }
    }

    /// Wraps the body of a request whose span another layer owns.
    #[inline]
    pub(crate) fn untraced(body: B) -> Self {
        Self { body: BodySource::Streamed { body }, span: None }
    }
}

#[inline]
fn end(span: &mut Option<ServerSpan>) {
    if let Some(mut span) = span.take() {
        // Records a size of zero if no bytes were sent.
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
        let mut this = self.project();
        let item = match this.body.as_mut().project() {
            BodySourceProjection::Complete { bytes } => {
                Some(std::mem::take(bytes)).filter(|bytes| !bytes.is_empty()).map(Ok)
            }
            // A streamed body is code of the application, so it is polled within the span's context.
            BodySourceProjection::Streamed { body } => {
                let current = this.span.as_ref().map(|span| span.context().clone().attach());
                let item = ready!(body.poll_next(cx));
                if current.is_some() && !matches!(item, Some(Ok(_))) {
                    // What the body does when it is dropped, as `Logger` writes its line, belongs to the request as well.
                    this.body.set(BodySource::Gone);
                }
                drop(current);
                item
            }
            BodySourceProjection::Empty { .. } | BodySourceProjection::Gone => None,
        };
        match (&item, this.span) {
            (None, span) => end(span),
            (Some(Err(_)), span) => {
                if let Some(mut span) = span.take() {
                    span.add_response_body_size(0);
                    span.fail(&Failure::Body { error_type: error_type::<B::Error>() });
                }
            }
            // The last chunk is not the end. actix-http polls once more after it wrote the chunk, even if the length is
            // known, and drops the body if it cannot write it.
            (Some(Ok(chunk)), Some(span)) => span.add_response_body_size(chunk.len()),
            (Some(Ok(_)), None) => {}
        }
        Poll::Ready(item)
    }

    fn try_into_bytes(mut self) -> Result<Bytes, Self> {
        // Plain bytes would not show when, or if, they are written.
        if self.span.as_ref().is_some_and(|span| !span.is_silent()) {
            return Err(self);
        }
        match std::mem::replace(&mut self.body, BodySource::Gone) {
            BodySource::Complete { bytes } => Ok(bytes),
            BodySource::Streamed { body } => body
                .try_into_bytes()
                .map_err(|body| Self { body: BodySource::Streamed { body }, span: self.span.take() }),
            BodySource::Empty { .. } => Ok(Bytes::new()),
            BodySource::Gone => Err(self),
        }
    }
}

/// Returns the `error.type` of a failed body: the name of its error type, or a fixed text for boxed errors, whose type
/// has no telling name.
fn error_type<E>() -> &'static str {
    let name = std::any::type_name::<E>();
    if name == std::any::type_name::<Box<dyn StdError>>() { "response_body_error" } else { name }
}

/// How a layer attaches the span to a response body. Implemented by [`Wrapped`] and [`Preserved`] only.
pub trait BodyWrapper<B>: sealed::Sealed + 'static {
    /// The type of the body outside the layer.
    type Body: MessageBody;

    /// Ends `span` when the body ends.
    #[doc(hidden)]
    fn trace(body: B, span: ServerSpan) -> Self::Body;

    /// Passes on the body of a request that has no span here.
    #[doc(hidden)]
    fn pass(body: B) -> Self::Body;
}

/// Wraps every body in a [`TracedBody`], and so changes its type.
#[derive(Debug)]
pub enum Wrapped {}

/// Keeps the type of the body, so that the layer fits an `App` whose type the code names.
///
/// Most of actix-web's own middlewares produce `BoxBody`, or an `EitherBody` that ends in one; such a body can hold a
/// [`TracedBody`]. For a body of another type (those of `Logger` and `Compress`) the span ends with the response head.
#[derive(Debug)]
pub enum Preserved {}

mod sealed {
    #[allow(unnameable_types, reason = "so that nobody else can implement it")]
    pub trait Sealed {}
    impl Sealed for super::Wrapped {}
    impl Sealed for super::Preserved {}
}

impl<B: MessageBody> BodyWrapper<B> for Wrapped {
    type Body = TracedBody<B>;

    #[inline]
    fn trace(body: B, span: ServerSpan) -> Self::Body {
        TracedBody::new(body, span)
    }

    fn pass(body: B) -> Self::Body {
        TracedBody::untraced(body)
    }
}

impl<B: MessageBody + 'static> BodyWrapper<B> for Preserved {
    type Body = B;

    fn trace(mut body: B, span: ServerSpan) -> Self::Body {
        type Either<L> = EitherBody<L>;
        let mut span = Some(span);
        let target: &mut dyn Any = &mut body;
        trace_in_place::<BoxBody>(target, &mut span, |body| body);
        trace_in_place::<Either<BoxBody>>(target, &mut span, Either::right);
        trace_in_place::<Either<Either<BoxBody>>>(target, &mut span, Either::right);
        trace_in_place::<Either<Either<Either<BoxBody>>>>(target, &mut span, Either::right);
        if let Some(span) = span {
            span.end();
        }
        body
    }

    fn pass(body: B) -> Self::Body {
        body
    }
}

/// Replaces the body in `target` by a traced one, if its type is `T`.
fn trace_in_place<T: MessageBody + 'static>(
    target: &mut dyn Any,
    span: &mut Option<ServerSpan>,
    from_boxed: fn(BoxBody) -> T,
) {
    let Some(target) = target.downcast_mut::<T>() else { return };
    if let Some(span) = span.take() {
        let body = std::mem::replace(target, from_boxed(BoxBody::new(())));
        *target = from_boxed(TracedBody::new(body, span).boxed());
    }
}
