//! The attribute in a crate of edition 2021, and where `unsafe` is allowed.

#![deny(warnings)]

use std::{cell::RefCell, future::Future, pin::Pin};

use actix_web::{App, HttpResponse, HttpServer, Responder, dev::Server, get, web};
use otel_actix::auto_instrument;

#[auto_instrument]
#[get("/above/{id}")]
async fn above(id: web::Path<u32>) -> impl Responder {
    id.to_string()
}

#[get("/below/{id}")]
#[auto_instrument]
async fn below(id: web::Path<u32>) -> Result<impl Responder, actix_web::Error> {
    Ok(id.to_string())
}

#[auto_instrument(handler)]
async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A server with all of them.
#[auto_instrument]
pub fn run(listener: std::net::TcpListener) -> std::io::Result<Server> {
    let app = || App::new().service(above).service(below).route("/plain", web::get().to(plain));
    Ok(HttpServer::new(app).listen(listener)?.run())
}

/// Async, with lifetimes.
#[auto_instrument(args(text), ret)]
pub async fn parse<'a>(text: &'a str, _other: &str) -> Result<&'a str, std::num::ParseIntError> {
    text.parse::<u32>()?;
    Ok(text)
}

/// Captures only `'a`, as edition 2021 does.
#[auto_instrument]
pub fn returned<'a>(text: &'a str) -> impl Future<Output = usize> + 'a {
    async move { text.len() }
}

/// Borrows nothing, although there is a parameter with a lifetime.
#[auto_instrument]
pub fn owned(_text: &str) -> impl Future<Output = usize> + 'static {
    std::future::ready(1)
}

/// Boxed.
#[auto_instrument]
pub fn boxed<'a>(text: &'a mut String) -> Pin<Box<dyn Future<Output = Result<(), String>> + 'a>> {
    Box::pin(async move {
        text.push('x');
        Ok(())
    })
}

/// A temporary of the last expression borrows from a parameter that changes.
#[auto_instrument]
pub fn counted(mut count: RefCell<u32>) -> Result<u32, String> {
    *count.get_mut() -= 1;
    match *count.borrow() {
        0 => Err("zero".to_owned()),
        count => Ok(count),
    }
}

/// The same, async.
#[auto_instrument]
pub async fn counted_later(mut count: (RefCell<u32>, u32)) -> Result<u32, String> {
    count.1 = 1;
    match *count.0.borrow() {
        0 => Err("zero".to_owned()),
        found => Ok(found + count.1),
    }
}

/// The body is still an unsafe context.
///
/// # Safety
///
/// `pointer` is valid.
#[auto_instrument]
pub unsafe fn unsafe_fn(pointer: *const u32) -> u32 {
    *pointer
}

/// # Safety
///
/// `pointer` is valid.
#[auto_instrument]
pub unsafe fn unsafe_result(pointer: *const u32) -> Result<u32, String> {
    Ok(*pointer)
}

/// fastrace prints `unsafe async fn`.
///
/// # Safety
///
/// `pointer` is valid.
#[auto_instrument]
pub async unsafe fn async_unsafe(pointer: *const u32) -> Result<u32, String> {
    Ok(*pointer)
}

/// With an ABI and a name for the linker.
#[auto_instrument]
#[no_mangle]
pub extern "C" fn edition2021_extern_c_fn(value: u32) -> u32 {
    value + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_still_does_what_it_says() {
        let value = 7;
        // SAFETY: `value` lives until the end of the test.
        unsafe {
            assert_eq!(unsafe_fn(&value), 7);
            assert_eq!(unsafe_result(&value), Ok(7));
        }
        assert_eq!(edition2021_extern_c_fn(1), 2);
        assert_eq!((counted(RefCell::new(1)), counted(RefCell::new(2))), (Err("zero".to_owned()), Ok(1)));
        let mut text = String::new();
        actix_web::rt::System::new().block_on(async {
            // SAFETY: as above.
            assert_eq!(unsafe { async_unsafe(&value) }.await, Ok(7));
            assert_eq!(parse("1", "").await, Ok("1"));
            assert_eq!(returned("abc").await + owned("").await, 4);
            assert_eq!(counted_later((RefCell::new(1), 0)).await, Ok(2));
            assert_eq!(boxed(&mut text).await, Ok(()));
        });
        assert_eq!(text, "x");
    }
}
