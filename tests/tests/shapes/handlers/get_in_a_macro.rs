//! Handlers that a `macro_rules!` macro writes.

use actix_web::{Responder, get, web};
use otel_actix::auto_instrument;

use super::*;

macro_rules! handler {
    ($name:ident at $path:literal) => {
        #[get($path)]
        #[auto_instrument]
        async fn $name(id: web::Path<u32>) -> impl Responder {
            id.to_string()
        }
    };
    ($name:ident below $path:literal) => {
        #[auto_instrument]
        #[get($path)]
        async fn $name(id: web::Path<u32>) -> impl Responder {
            id.to_string()
        }
    };
}

handler!(above at "/above/{id}");
handler!(below below "/below/{id}");

/// An attribute that is an argument of the macro is not visible in the text: the function is an ordinary one.
macro_rules! attribute {
    ($($attribute:tt)*) => {
        $($attribute)*
        #[auto_instrument]
        async fn given(id: web::Path<u32>) -> impl Responder {
            id.to_string()
        }
    };
}

attribute!(#[get("/given/{id}")]);

#[test]
fn handlers_made_by_a_macro() {
    assert_eq!(spans_of!(GET "/above/1" => 200, above), "GET /above/{id} [Server]\n");
    assert_eq!(spans_of!(GET "/below/1" => 200, below), "GET /below/{id} [Server]\n");
}

#[test]
fn what_cannot_be_recognised_is_a_child() {
    let spans = async_tree(|| async {
        let app = init_service(App::new().service(given).wrap(HttpTelemetry::new())).await;
        request(&app, Method::GET, "/given/1", 200).await;
    });
    assert!(spans.starts_with("GET /given/{id} [Server]") && spans.ends_with("\n  given\n"), "{spans}");
}
