#[auto_instrument(handler)]
async fn wide(
    #[cfg(a)] a: A, #[cfg(a)] b: B, #[cfg(a)] c: B, #[cfg(a)] d: B, #[cfg(a)] e: B, #[cfg(a)] f: B, #[cfg(a)] g: B,
) -> HttpResponse {
    ok().await
}
