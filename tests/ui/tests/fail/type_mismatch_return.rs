use otel_actix::auto_instrument;

#[auto_instrument]
fn checked(early: bool) -> Result<u32, String> {
    if early {
        return "text";
    }
    Ok(1)
}

#[auto_instrument]
async fn awaited(early: bool) -> u32 {
    if early {
        return "text";
    }
    1
}

fn main() {
    let _ = checked(true);
    drop(awaited(true));
}
