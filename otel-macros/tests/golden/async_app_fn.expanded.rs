async fn app() -> actix_web::App<impl ServiceFactory<ServiceRequest>> {
    let app = async move {
        if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
            actix_web::App<_>,
        > {
            return output;
        }
        { App::new().app_data(connect().await) }
    };
    ::otel_actix::__private::WholeApp(app.await).instrument()
}
