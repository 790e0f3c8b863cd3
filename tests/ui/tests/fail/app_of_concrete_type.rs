use actix_web::App;
use otel_actix::auto_instrument;

#[auto_instrument]
fn with_routes<T>(app: App<T>) -> App<T> {
    app
}

fn main() {
    let _ = with_routes(App::new());
}
