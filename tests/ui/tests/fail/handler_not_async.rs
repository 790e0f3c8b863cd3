use otel_actix::auto_instrument;

#[auto_instrument(handler)]
fn index() -> &'static str {
    "served"
}

struct Pages;

impl Pages {
    #[auto_instrument(handler)]
    async fn index(&self) -> &'static str {
        "served"
    }
}

fn main() {
    index();
    drop(Pages.index());
}
