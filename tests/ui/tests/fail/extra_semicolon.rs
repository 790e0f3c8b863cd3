use otel_actix::auto_instrument;

#[auto_instrument]
fn guarded() -> u32 {
    1;
}

#[auto_instrument]
async fn awaited() -> Result<u32, String> {
    Ok(1);
}

fn main() {
    guarded();
    drop(awaited());
}
