#[auto_instrument]
fn work() -> u8 {
    #![allow(clippy::let_and_return)]
    let a = 1;
    a
}
