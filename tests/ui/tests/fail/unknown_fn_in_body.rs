use otel_actix::auto_instrument;

#[auto_instrument]
async fn work() {
    nowhere().await;
}

#[auto_instrument]
fn hidden() {
    // Names of the expansion are not there for the body.
    let _ = (span, CALL_SITE, factory);
}

fn main() {
    drop(work());
    hidden();
}
