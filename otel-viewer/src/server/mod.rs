//! The viewer's HTTP: access and answers.
//!
//! On `hyper`, which the exporters of OTLP need anyway. There is no framework, and above all not the instrumented one:
//! requests of the page must not become traces.
//!
//! | module | one idea |
//! |---|---|
//! | `access` | host, origin and token |
//! | `receive` | OTLP/HTTP |
//! | `api` | lists, traces and routes as JSON |
//! | `events` | changes as they happen |
//! | `page` | the one page |
//! | `answer` | responses and their headers |

mod access;
mod answer;
mod api;
mod events;
mod page;
mod receive;

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::{Method, Request, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};

use crate::store::Store;
use answer::{Answer, refusal};

/// The most connections at a time. Browsers open six, each exporter one or two.
const CONNECTIONS: usize = 512;

/// The pause after an error in accepting, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// The state that all connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) token: String,
}

/// Serves until the other end of `ended` is dropped.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>, ended: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let free = Arc::new(Semaphore::new(CONNECTIONS));
    let accept = async {
        loop {
            let Ok(place) = Arc::clone(&free).acquire_owned().await else { return };
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                connection(stream, shared).await;
                drop(place);
            });
        }
    };
    let (mut accept, mut ended) = (pin!(accept), pin!(ended));
    poll_fn(|context| match ended.as_mut().poll(context) {
        Poll::Ready(_) => Poll::Ready(()),
        Poll::Pending => accept.as_mut().poll(context),
    })
    .await;
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    // Events are small and have to arrive at once.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(request, &shared).await) }
    });
    // A broken connection is no fault of the viewer.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: Request<Incoming>, shared: &Arc<Shared>) -> Answer {
    if let Err(reason) = access::check_host_and_origin(request.headers()) {
        return refusal(StatusCode::FORBIDDEN, reason);
    }
    let path = request.uri().path().to_owned();
    if path.starts_with("/v1/") {
        return receive::receive(request, &shared.store).await;
    }
    if !access::has_token(&request, &shared.token) {
        return refusal(StatusCode::UNAUTHORIZED, "the token is missing or wrong: use the link that was printed");
    }
    match (request.method(), path.as_str()) {
        (&Method::DELETE, "/api/traces") => api::clear(shared),
        (&Method::GET, "/api/traces") => api::list(shared, request.uri().query()),
        (&Method::GET, "/api/routes") => api::routes(shared),
        (&Method::GET, "/api/events") => events::events(Arc::clone(shared)),
        (&Method::GET, path) => match path.strip_prefix("/api/traces/") {
            Some(id) => api::trace(shared, id),
            None if path == "/" || path.starts_with("/trace/") => page::page(),
            None => refusal(StatusCode::NOT_FOUND, "there is nothing here"),
        },
        _ => refusal(StatusCode::METHOD_NOT_ALLOWED, "this method has no meaning here"),
    }
}
