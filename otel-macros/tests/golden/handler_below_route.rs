// below a route attribute
#[auto_instrument(fields(user.id = *id))]
async fn user(id: web::Path<u32>) -> Result<impl Responder, Error> {
    Ok(id.to_string())
}
