use otel_actix::auto_instrument;

#[auto_instrument]
const fn limit() -> usize {
    3
}

// The function is still there.
const LIMIT: usize = limit();

fn main() {
    let _ = LIMIT;
}
