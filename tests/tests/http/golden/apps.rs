//! The two applications of the golden runs, with actix-web.

use actix_web::error::{self, InternalError};
use actix_web::http::{StatusCode, header};
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{HttpResponse, guard};
use futures_util::stream;
use std::convert::Infallible;

async fn ok() -> &'static str {
    "ok"
}

async fn boom() -> Result<HttpResponse, error::Error> {
    Err(error::ErrorInternalServerError("boom message"))
}

async fn user(id: web::Path<u32>) -> String {
    id.to_string()
}

pub(super) fn flask(config: &mut ServiceConfig) {
    config
        .service(
            // Flask answers HEAD and OPTIONS where it answers GET.
            web::resource("/server_request")
                .route(web::route().guard(guard::Any(guard::Get()).or(guard::Head()).or(guard::Options())).to(ok)),
        )
        .route("/boom", web::get().to(boom))
        .route("/http500", web::get().to(HttpResponse::InternalServerError))
        .route("/http503", web::get().to(HttpResponse::ServiceUnavailable))
        .route("/http400", web::get().to(HttpResponse::BadRequest))
        .route("/post", web::post().to(ok))
        // The type of the parameter is part of the route: text that is no number matches no route.
        .route("/users/{user_id:[0-9]+}", web::get().to(user))
        .route(
            "/redir",
            web::get()
                .to(|| async { HttpResponse::Found().insert_header((header::LOCATION, "/server_request")).finish() }),
        )
        .route(
            "/stream",
            web::get().to(|| async {
                let chunks = stream::iter(["a", "b"].map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk))));
                HttpResponse::Ok().streaming(chunks)
            }),
        );
}

pub(super) fn fastapi(config: &mut ServiceConfig) {
    config
        .service(web::resource("/server_request").route(web::get().to(ok)))
        .route("/boom", web::get().to(boom))
        .route("/http500", web::get().to(HttpResponse::InternalServerError))
        .route("/post", web::post().to(ok))
        .app_data(
            web::PathConfig::default()
                .error_handler(|error, _| InternalError::new(error, StatusCode::UNPROCESSABLE_ENTITY).into()),
        )
        .route("/users/{user_id}", web::get().to(user));
}
