#[auto_instrument(kind = "client")]
impl<T: Clone> Store<T> {
    const LIMIT: usize = 3;

    pub const fn limit() -> usize {
        Self::LIMIT
    }

    #[auto_instrument(skip)]
    pub fn hot(&self) {}

    pub fn get(&self, id: u32) -> Option<&T> {
        self.rows.get(&id)
    }

    #[auto_instrument(name = "put row", args(id))]
    pub async fn put(&mut self, id: u32, row: T) -> Result<(), Full> {
        self.rows.try_insert(id, row)?;
        Ok(())
    }
}
