async fn app() -> actix_web::App<impl ServiceFactory<ServiceRequest>> {
    let __otel_app = async move {
        if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
            actix_web::App<_>,
        > {
            return __otel_output;
        }
        '__otel_body: { App::new().app_data(connect().await) }
    };
    return ::otel_actix::__private::WholeApp::instrument(
        ::otel_actix::__private::WholeApp(__otel_app.await),
    );
}
