#[auto_instrument]
fn load<'a>(key: &'a Key) -> BoxFuture<'a, u32> {
    Box::pin(async move { key.number() })
}
