use otel_actix::auto_instrument;

#[auto_instrument]
fn guarded() -> u32 {
    "text"
}

#[auto_instrument]
fn checked() -> Result<u32, String> {
    "text"
}

#[auto_instrument]
async fn awaited() -> u32 {
    "text"
}

fn main() {
    guarded();
    let _ = checked();
    drop(awaited());
}
