//! The application: handlers and routes without any telemetry.
//!
//! `server_manual` and `server_auto` both serve it.

use std::{fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError, get, guard,
    http::StatusCode,
    post,
    web::{self, Bytes, Json, Path, Query, ServiceConfig},
};
use futures_util::stream;
use serde::{Deserialize, Serialize};

/// Pieces that `GET /stream` sends.
pub const STREAM_PIECES: u32 = 3;
/// The pause before each piece of `GET /stream`.
pub const STREAM_PAUSE: Duration = Duration::from_millis(10);

/// The routes of the application.
pub fn routes(app: &mut ServiceConfig) {
    app.service(server_request)
        // Two routes that both match `/users/me`: the guard decides.
        .service(web::resource("/users/me").guard(guard::Header("x-session", "42")).to(current_user))
        .service(user)
        // A route that only requests with the key reach.
        .service(web::resource("/admin/{task}").guard(guard::Header("x-admin", "yes")).to(admin))
        .service(create_order)
        .service(item)
        .service(web::resource("/health").route(web::get().to(health)).route(web::head().to(health)))
        .service(web::scope("/api/{version}").service(ping))
        .service(fail)
        .service(unavailable)
        .service(pieces);
}

#[derive(Debug, Deserialize)]
struct ServerRequest {
    param: Option<String>,
}

/// Prints the parameter.
#[get("/server_request")]
async fn server_request(query: Query<ServerRequest>) -> &'static str {
    println!("{}", query.param.as_deref().unwrap_or("(no param)"));
    "served"
}

#[derive(Debug, Serialize)]
struct User {
    id: String,
}

async fn current_user() -> Json<User> {
    Json(User { id: "42".to_owned() })
}

#[get("/users/{id}")]
async fn user(id: Path<String>) -> Json<User> {
    Json(User { id: id.into_inner() })
}

async fn admin(task: Path<String>) -> String {
    format!("{task} done")
}

#[derive(Debug, Deserialize, Serialize)]
struct Order {
    item: String,
    quantity: u32,
}

/// Answers 400 when the body is not an order.
#[post("/orders")]
async fn create_order(order: Json<Order>) -> HttpResponse {
    HttpResponse::Created().json(order)
}

/// Answers 404 if the path does not hold a number: the extractor fails, and the function does not run.
#[get("/items/{number}")]
async fn item(number: Path<u32>) -> String {
    format!("item {number}")
}

async fn health() -> &'static str {
    "healthy"
}

#[get("/ping/{name}")]
async fn ping(path: Path<(String, String)>) -> String {
    let (version, name) = path.into_inner();
    format!("{name} is there ({version})")
}

/// The error of `GET /fail`.
#[derive(Debug)]
struct StockUnknown;

impl fmt::Display for StockUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stock is unknown")
    }
}

impl ResponseError for StockUnknown {
    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

/// An error value: 500.
#[get("/fail")]
async fn fail() -> Result<&'static str, StockUnknown> {
    Err(StockUnknown)
}

/// An error status without an error value.
#[get("/unavailable")]
async fn unavailable() -> HttpResponse {
    HttpResponse::ServiceUnavailable().body("come back later")
}

/// A slow body: the response ends with its last piece.
#[get("/stream")]
async fn pieces() -> HttpResponse {
    HttpResponse::Ok().streaming(stream::unfold(0, |sent| async move {
        if sent == STREAM_PIECES {
            return None;
        }
        actix_web::rt::time::sleep(STREAM_PAUSE).await;
        Some((Ok::<_, actix_web::Error>(Bytes::from(format!("piece {sent}\n"))), sent + 1))
    }))
}
