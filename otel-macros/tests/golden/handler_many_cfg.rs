// below a route attribute
#[auto_instrument]
async fn wide(#[cfg(feature = "a")] a: A, #[cfg(not(feature = "a"))] b: B, c: B, d: B, e: B, f: B, g: B) -> HttpResponse {
    ok().await
}
