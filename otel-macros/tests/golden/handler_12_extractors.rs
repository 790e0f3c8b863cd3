#[auto_instrument(handler)]
async fn wide(
    Query(a): Query<A>, b: B, c: B, d: B, e: B, f: B,
    g: B, h: B, i: B, j: B, k: B, l: B,
) -> HttpResponse {
    ok().await
}
