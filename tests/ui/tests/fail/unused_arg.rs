#![deny(unused, unreachable_code)]

use otel_actix::auto_instrument;

#[auto_instrument]
fn sync(argument: u32) {
    let local = 1;
}

#[auto_instrument]
async fn awaited(argument: u32) -> Result<u32, String> {
    let mut local = 1;
    return Ok(1);
    Ok(2)
}

#[auto_instrument(handler)]
async fn handler(argument: String) -> &'static str {
    "served"
}

fn main() {
    sync(1);
    drop(awaited(1));
    drop(handler);
}
