//! The service that stores the content of orders. It queries its database.

use std::io;

use actix_web::{App, HttpResponse, HttpServer, error, get, web};
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;

#[get("/items/{order}")]
async fn items(order: web::Path<u32>, pool: web::Data<SqlitePool>) -> Result<HttpResponse, error::Error> {
    let query = sqlx::query_scalar("SELECT name FROM items WHERE order_id = ? AND name <> 'secret'").bind(*order);
    let names: Vec<String> = query.fetch_all(pool.get_ref()).await.map_err(error::ErrorInternalServerError)?;
    if names.is_empty() {
        return Err(error::ErrorNotFound("there is no such order"));
    }
    Ok(HttpResponse::Ok().body(names.join(", ")))
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let pool = web::Data::new(database().await.map_err(io::Error::other)?);
    let server = HttpServer::new(move || App::new().app_data(pool.clone()).service(items));
    let server = server.workers(2).bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}

/// A database in memory, with a few orders.
async fn database() -> Result<SqlitePool, sqlx::Error> {
    // Otherwise each connection would have a database of its own.
    let pool = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    sqlx::raw_sql("CREATE TABLE items (order_id INTEGER, name TEXT)").execute(&pool).await?;
    sqlx::raw_sql("INSERT INTO items VALUES (1, 'cup'), (1, 'plate'), (2, 'spoon')").execute(&pool).await?;
    Ok(pool)
}
