#![deny(unused)]

use otel_actix::auto_instrument;

#[auto_instrument]
fn nobody_calls_this() {}

#[auto_instrument]
async fn nobody_awaits_this() -> Result<u32, String> {
    Ok(1)
}

fn main() {}
