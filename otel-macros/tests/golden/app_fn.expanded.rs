fn app() -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    let __otel_app = ::otel_actix::__private::call(move || -> App<_> {
        if plain() {
            return App::new();
        }
        App::new().service(index)
    });
    return ::otel_actix::__private::WholeApp::instrument(
        ::otel_actix::__private::WholeApp(__otel_app),
    );
}
