use std::rc::Rc;

use otel_actix::auto_instrument;

#[auto_instrument]
async fn local() -> u32 {
    let value = Rc::new(1);
    std::future::ready(()).await;
    *value
}

fn needs_send(_: impl Send) {}

fn main() {
    needs_send(local());
}
