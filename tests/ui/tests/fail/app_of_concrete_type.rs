use actix_web::{
    App, Error,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
};
use otel_actix::auto_instrument;

#[auto_instrument]
fn with_routes<T>(app: App<T>) -> App<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>,
{
    app
}

fn main() {
    let _ = with_routes(App::new());
}
