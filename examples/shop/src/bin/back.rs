//! The service that stores the content of orders. It queries its database.

use std::io;

use actix_web::{App, HttpResponse, HttpServer, error, get, web};
use otel_actix::auto_instrument;
use otel_actix::clients::sqlx_0_9::TracedPool;
use sqlx::Sqlite;
use sqlx::sqlite::SqlitePoolOptions;

#[get("/items/{order}")]
async fn items(order: web::Path<u32>, pool: web::Data<TracedPool<Sqlite>>) -> Result<HttpResponse, error::Error> {
    let query = sqlx::query_scalar("SELECT name FROM items WHERE order_id = ? AND name <> 'secret'").bind(*order);
    let names: Vec<String> = query.fetch_all(pool.get_ref()).await.map_err(error::ErrorInternalServerError)?;
    if names.is_empty() {
        return Err(error::ErrorNotFound("there is no such order"));
    }
    Ok(HttpResponse::Ok().body(names.join(", ")))
}

#[auto_instrument]
#[actix_web::main]
async fn main() -> io::Result<()> {
    let pool = database().await.map_err(io::Error::other)?;
    // This line gives each query a span.
    let pool = web::Data::new(TracedPool::new(pool));
    let server = HttpServer::new(move || App::new().app_data(pool.clone()).service(items));
    shop::run!(server.workers(2))
}

/// A database in memory, with a few orders.
async fn database() -> Result<sqlx::SqlitePool, sqlx::Error> {
    // Otherwise each connection would have a database of its own.
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    sqlx::raw_sql("CREATE TABLE items (order_id INTEGER, name TEXT)").execute(&pool).await?;
    sqlx::raw_sql("INSERT INTO items VALUES (1, 'cup'), (1, 'plate'), (2, 'spoon')").execute(&pool).await?;
    Ok(pool)
}
