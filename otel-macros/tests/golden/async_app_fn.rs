#[auto_instrument]
async fn app() -> actix_web::App<impl ServiceFactory<ServiceRequest>> {
    App::new().app_data(connect().await)
}
