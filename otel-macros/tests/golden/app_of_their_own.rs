#[auto_instrument]
fn build() -> App {
    App
}
