//! Traits in scope that are implemented for every type, with methods whose names expansions could use.

#![allow(clippy::needless_pass_by_ref_mut, reason = "as libraries declare them")]

use std::pin::Pin;

use actix_web::{App, HttpServer, dev::AppConfig, web};
use otel_actix::auto_instrument;

use crate::tree::async_tree;

/// By `self`, by `&self` and by `&mut self`: method lookup tries them in this order.
#[allow(dead_code, clippy::wrong_self_convention, reason = "that they are there is enough")]
trait ByValue: Sized {
    fn instrument(self) -> Self {
        self
    }
    fn is_recording(self) -> Self {
        self
    }
    fn record(self) -> Self {
        self
    }
    fn record_value(self) -> Self {
        self
    }
    fn enter(self) -> Self {
        self
    }
    fn call(self) -> Self {
        self
    }
    fn drive(self) -> Self {
        self
    }
    fn drive_returned(self) -> Self {
        self
    }
    fn run(self) -> Self {
        self
    }
    fn carry(self) -> Self {
        self
    }
    fn root(self) -> Self {
        self
    }
}

#[allow(dead_code, reason = "that they are there is enough")]
trait ByReference {
    fn value(&self) -> u32 {
        1
    }
    fn get(&self) -> u32 {
        1
    }
    fn mark(&self) -> u32 {
        1
    }
    fn kind(&self) -> u32 {
        1
    }
    fn with_versions(&mut self) -> u32 {
        1
    }
}

impl<T> ByValue for T {}
impl<T: ?Sized> ByReference for T {}

#[auto_instrument(args(id), fields(a = id), ret, kind = "client")]
fn sync(id: u32) -> Result<u32, String> {
    Ok(id)
}

#[auto_instrument(args(id), ret)]
async fn later(id: u32) -> Result<u32, String> {
    let job = async move { id };
    let spawned = actix_web::rt::spawn(job).await.unwrap();
    let called = actix_web::rt::spawn(nothing(id)).await.unwrap();
    let mut set = tokio::task::JoinSet::new();
    let task = nothing(id);
    set.spawn_local(task);
    set.join_next().await.unwrap().unwrap();
    Ok(spawned + called)
}

#[auto_instrument]
async fn nothing(id: u32) -> u32 {
    id
}

#[auto_instrument]
fn boxed(id: u32) -> Pin<Box<dyn Future<Output = Result<u32, String>>>> {
    Box::pin(async move { Ok(id) })
}

#[auto_instrument(handler, fields(a = 1))]
async fn handler() -> &'static str {
    "handled"
}

#[auto_instrument]
fn run(listener: std::net::TcpListener) -> std::io::Result<actix_web::dev::Server> {
    let server = HttpServer::new(|| {
        actix_service::map_config(App::new().route("/", web::get().to(handler)), |config: AppConfig| config)
    });
    Ok(server.listen(listener)?.run())
}

#[test]
fn methods_of_such_traits_are_not_taken_for_ours() {
    let spans = async_tree(|| async {
        let _ = run as fn(_) -> _;
        assert_eq!((sync(1), later(1).await, boxed(1).await), (Ok(1), Ok(2), Ok(1)));
        assert_eq!((1.value(), 1.get(), 1.mark(), 1.kind(), 1.with_versions(), 1.root()), (1, 1, 1, 1, 1, 1));
    });
    let later = "later id=1 return=2\n  nothing\n  nothing\n";
    assert_eq!(spans, format!("sync [Client] a=1 id=1 return=1\n{later}boxed\n"));
}
