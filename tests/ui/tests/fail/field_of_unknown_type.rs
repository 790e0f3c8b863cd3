use otel_actix::auto_instrument;

struct Order;

#[auto_instrument(fields(order = order, orders = [Order]), links = 7)]
fn pay(order: Order) {
    drop(order);
}

fn main() {
    pay(Order);
}
