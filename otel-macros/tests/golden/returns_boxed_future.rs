#[auto_instrument]
fn load<'a>(&'a self, id: u64) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    let key = self.key(id);
    Box::pin(async move { key })
}
