#[auto_instrument(err = "type", crate = my::telemetry)]
fn parse(text: &str) -> Result<u32, Secret> {
    text.parse()
}
