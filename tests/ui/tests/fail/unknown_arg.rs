use otel_actix::auto_instrument;

#[auto_instrument(nmae = "charge", level = "debug", ret)]
fn charge() -> u32 {
    1
}

fn main() {
    charge();
}
