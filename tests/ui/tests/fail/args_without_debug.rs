use otel_actix::auto_instrument;

struct Secret;

#[auto_instrument(args(secret), ret)]
fn hide(secret: Secret) -> Secret {
    secret
}

#[auto_instrument(args(missing))]
fn pick(present: u32) -> u32 {
    present
}

fn main() {
    hide(Secret);
    pick(1);
}
