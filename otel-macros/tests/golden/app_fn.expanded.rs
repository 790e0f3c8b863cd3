fn app() -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    let app = ::otel_actix::__private::call(move || -> App<_> {
        if plain() {
            return App::new();
        }
        App::new().service(index)
    });
    ::otel_actix::__private::WholeApp(app).instrument()
}
