#[auto_instrument]
impl Futures {
    fn fused() -> impl Future<Output = u8> + FusedFuture {
        ready(1)
    }

    fn cloned() -> impl Clone + Future<Output = u8> {
        ready(1)
    }

    fn boxed() -> Pin<Box<dyn Future<Output = u8> + UnwindSafe>> {
        Box::pin(ready(1))
    }

    fn plain<'a, T>(text: &'a str) -> impl Future<Output = u8> + Send + Sync + core::marker::Unpin + 'a + use<'a, T> {
        ready(1)
    }

    #[cfg_attr(feature = "telemetry", otel_actix::auto_instrument(name = "sometimes"))]
    fn conditional(&self) {}

    #[cfg_attr(feature = "fast", inline)]
    fn other_condition(&self) {}
}
