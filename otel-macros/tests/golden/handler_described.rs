#[auto_instrument(handler, fields(user.id = *id))]
#[api_operation(summary = "a user")]
async fn user(id: web::Path<u32>) -> Result<Json<User>, Error> {
    find(*id).await
}
