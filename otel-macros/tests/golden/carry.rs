#[auto_instrument]
async fn fan_out(job: Job) {
    let first = tokio::spawn(async move { job.first().await });
    let second = actix_web::rt::spawn(second());
    let third = web::block(move || third());
    join!(first, second, third);
}
