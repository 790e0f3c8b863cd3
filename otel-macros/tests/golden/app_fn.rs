#[auto_instrument]
fn app() -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>> {
    if plain() {
        return App::new();
    }
    App::new().service(index)
}
