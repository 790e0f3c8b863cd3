#[auto_instrument]
async fn forever() -> ! {
    loop {
        step().await
    }
}
