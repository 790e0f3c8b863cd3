#[auto_instrument(name = "charge card", kind = "client", fields(payment.provider = PROVIDER, retry = 3 > 2), args(amount), ret, root, links = span_context)]
async fn charge(amount: u32, #[cfg(test)] dry: bool) -> Result<Receipt, Error> {
    send(amount).await
}
