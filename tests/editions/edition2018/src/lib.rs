//! The attribute in a crate of edition 2018: no disjoint captures, no `use<..>`, `dyn` and `async` are keywords.

#![deny(warnings)]

use std::{future::Future, pin::Pin};

use actix_web::{App, HttpServer, Responder, get, web};
use otel_actix::auto_instrument;

#[auto_instrument]
#[get("/above/{id}")]
async fn above(id: web::Path<u32>) -> impl Responder {
    id.to_string()
}

#[get("/below/{id}")]
#[auto_instrument]
async fn below(id: web::Path<u32>) -> impl Responder {
    id.to_string()
}

/// A server with both.
#[auto_instrument]
pub fn run(listener: std::net::TcpListener) -> std::io::Result<actix_web::dev::Server> {
    Ok(HttpServer::new(|| App::new().service(above).service(below)).listen(listener)?.run())
}

/// Something to borrow from.
#[derive(Debug, Default)]
pub struct Store {
    rows: Vec<u32>,
    reads: u32,
}

#[auto_instrument]
impl Store {
    /// A closure of this edition captures all of `self`, and the borrow has to come back.
    pub fn first(&mut self) -> Result<&mut u32, String> {
        self.reads += 1;
        self.rows.first_mut().ok_or_else(|| "empty".to_string())
    }

    /// By value.
    pub fn into_rows(mut self) -> Result<Vec<u32>, String> {
        self.rows.sort();
        Ok(self.rows)
    }

    /// Async.
    pub async fn push(&mut self, row: u32) -> Result<(), String> {
        if self.rows.contains(&row) {
            return Err(format!("{} is there", row));
        }
        self.rows.push(row);
        Ok(())
    }
}

/// A returned future.
#[auto_instrument]
pub fn returned(text: &str) -> impl Future<Output = usize> + '_ {
    async move { text.len() }
}

/// A boxed one, from a reference that can be written through.
#[auto_instrument]
pub fn boxed<'a>(text: &'a mut String) -> Pin<Box<dyn Future<Output = usize> + 'a>> {
    text.push('x');
    Box::pin(async move { text.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_still_does_what_it_says() {
        let mut store = Store::default();
        actix_web::rt::System::new().block_on(async {
            assert_eq!(store.push(1).await, Ok(()));
            assert!(store.push(1).await.is_err());
            assert_eq!(returned("abc").await, 3);
            assert_eq!(boxed(&mut String::new()).await, 1);
        });
        *store.first().unwrap() += 1;
        assert_eq!(store.into_rows(), Ok(vec![2]));
    }
}
