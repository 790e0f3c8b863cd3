use otel_actix::auto_instrument;

struct Store;

#[auto_instrument]
impl Store {
    #[auto_instrument(nmae = "x")]
    fn wrong(&self) {}

    #[auto_instrument]
    const fn constant() -> usize {
        1
    }

    // Everything is still there, and instrumented where nothing is wrong.
    fn right(&self) {
        self.wrong();
    }
}

fn main() {
    Store.right();
    let _ = Store::constant();
}
