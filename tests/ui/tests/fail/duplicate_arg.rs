use otel_actix::auto_instrument;

#[auto_instrument(ret, name = "a", ret)]
fn charge() -> u32 {
    1
}

fn main() {
    charge();
}
