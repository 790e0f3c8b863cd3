#[auto_instrument]
pub trait Repository {
    async fn find(&self, id: u32) -> Option<Order>;

    fn first(&self) -> u32 {
        1
    }
}
