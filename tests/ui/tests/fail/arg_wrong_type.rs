use otel_actix::auto_instrument;

#[auto_instrument(name = 1, kind = "clint", err = true, carry = "no", fields(a, b = 1), root = true, crate = "path")]
fn charge() {}

#[auto_instrument(name = "", kind, args = a, links)]
fn pay(a: u32) -> u32 {
    a
}

fn main() {
    charge();
    pay(1);
}
