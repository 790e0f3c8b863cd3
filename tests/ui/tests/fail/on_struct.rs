use otel_actix::auto_instrument;

#[auto_instrument]
struct Order {
    id: u32,
}

fn main() {
    let _ = Order { id: 1 }.id;
}
