#[auto_instrument]
async fn load(id: u64) -> AppResult<Order> {
    let row = query(id).await?;
    Ok(row.into())
}
