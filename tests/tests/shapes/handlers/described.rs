//! An attribute below ours that needs traits on the signature, like `#[api_operation]` of apistos: the signature stays
//! as it is. Here it is another attribute of that name, which does nothing.

use actix_web::{App, HttpResponse, Responder, test::init_service, web};
use otel_actix::{HttpTelemetry, auto_instrument, auto_instrument as api_operation};

use crate::tree::async_tree;

#[auto_instrument(handler, fields(user.id = *id))]
#[api_operation(skip)]
async fn user(id: web::Path<u32>) -> HttpResponse {
    HttpResponse::Ok().body(id.to_string())
}

/// A trait that such a macro requires of a handler.
trait Described {}

impl Described for web::Path<u32> {}
impl Described for HttpResponse {}

const fn described<P: Described, F: Future<Output: Described + Responder>>(_: fn(P) -> F) {}

#[test]
fn its_signature_stays_and_the_span_of_the_request_is_found() {
    described(user);
    let spans = async_tree(|| async {
        let app = init_service(App::new().route("/{id}", web::get().to(user)).wrap(HttpTelemetry::new())).await;
        super::request(&app, super::Method::GET, "/7", 200).await;
    });
    assert!(spans.starts_with("GET /{id} [Server]") && spans.contains(" user.id=7"), "{spans}");
    assert_eq!(spans.lines().count(), 1, "{spans}");
}
