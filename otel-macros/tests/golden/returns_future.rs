#[auto_instrument]
fn load(id: u64) -> impl Future<Output = u32> + Send {
    let key = id + 1;
    async move { key }
}
