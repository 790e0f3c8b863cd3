//! Seven and more extractors, the first of which is removed by a `#[cfg]`.

use actix_web::{HttpRequest, HttpResponse, web};
use otel_actix::auto_instrument;

use super::*;

type Id = web::Path<u32>;

#[actix_web::get("/cfg/{id}")]
#[auto_instrument]
async fn wide(
    #[cfg(any())] _none: Missing,
    first: Id,
    #[cfg(not(any()))] second: Id,
    third: Id,
    fourth: Id,
    fifth: Id,
    _request: HttpRequest,
) -> HttpResponse {
    assert_eq!(*first + *second + *third + *fourth + *fifth, 5);
    HttpResponse::Ok().finish()
}

#[test]
fn the_span_does_not_go_with_it() {
    assert_eq!(spans_of!(GET "/cfg/1" => 200, wide), "GET /cfg/{id} [Server]\n");
}
