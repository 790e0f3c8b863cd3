#[auto_instrument]
impl Store {
    #[auto_instrument(nmae = "x")]
    fn wrong(&self) {}

    #[auto_instrument]
    const fn constant() -> usize {
        1
    }

    fn right(&self) {}
}
