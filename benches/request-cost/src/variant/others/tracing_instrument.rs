//! `#[tracing::instrument]` on the handler, and a registry without layers: the least cost of `tracing`.

use std::error::Error;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, HttpResponse, web};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::app::user;
use crate::variant::Installed;

/// Installs a bare registry.
pub(in crate::variant) fn install() -> Result<Installed, Box<dyn Error>> {
    tracing_subscriber::registry().try_init()?;
    Ok(Installed::nothing())
}

#[tracing::instrument(skip_all)]
async fn instrumented(id: web::Path<u32>) -> HttpResponse {
    user(id).await
}

/// The app, whose handler is annotated.
pub(in crate::variant) fn app() -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = actix_web::Error, InitError = ()>,
> {
    App::new().route("/users/{id}", web::get().to(instrumented))
}
