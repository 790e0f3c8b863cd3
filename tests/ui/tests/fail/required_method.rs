use otel_actix::auto_instrument;

trait Store {
    #[auto_instrument]
    fn get(&self) -> u32;
}

fn main() {}
