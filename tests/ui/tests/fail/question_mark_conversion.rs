use otel_actix::auto_instrument;

struct Error;

#[auto_instrument]
fn checked(text: &str) -> Result<u32, Error> {
    Ok(text.parse()?)
}

#[auto_instrument]
async fn awaited(text: &str) -> Result<u32, Error> {
    Ok(text.parse()?)
}

fn main() {
    let _ = checked("1");
    drop(awaited("1"));
}
