use otel_actix::auto_instrument;

#[auto_instrument]
fn half_typed() -> u32 {
    let value = 1 +;
    value
}

fn main() {
    // The item survives: no "cannot find function".
    let _: u32 = half_typed();
}
