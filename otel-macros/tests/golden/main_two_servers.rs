#[auto_instrument(init = false, server = Srv)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let public = Srv::new(move || App::new().service(index)).bind("127.0.0.1:0")?.run();
    let admin = web::Srv::<_, _, _, _>::new(admin_app).bind("127.0.0.1:0")?.run();
    tokio::try_join!(public, admin)?;
    Ok(())
}
