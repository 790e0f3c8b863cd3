impl<T: Clone> Store<T> {
    const LIMIT: usize = 3;
    pub const fn limit() -> usize {
        Self::LIMIT
    }
    pub fn hot(&self) {}
    pub fn get(&self, id: u32) -> Option<&T> {
        let _span = ::otel_actix::__private::begin({
                static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                        "Store::get",
                        ::otel_actix::__private::CodeLocation::new(
                            ::core::concat!(::core::module_path!(), "::Store::get"),
                            ::core::file!(),
                            ::core::line!(),
                        ),
                    )
                    .kind(::otel_actix::__private::SpanKind::Client);
                &CALL_SITE
            })
            .enter();
        { self.rows.get(&id) }
    }
    pub async fn put(&mut self, id: u32, row: T) -> Result<(), Full> {
        let span = ::otel_actix::__private::begin({
            static CALL_SITE: ::otel_actix::__private::CallSite = ::otel_actix::__private::CallSite::new(
                    "put row",
                    ::otel_actix::__private::CodeLocation::new(
                        ::core::concat!(::core::module_path!(), "::Store::put"),
                        ::core::file!(),
                        ::core::line!(),
                    ),
                )
                .kind(::otel_actix::__private::SpanKind::Client);
            &CALL_SITE
        });
        if span.is_recording() {
            {
                use ::otel_actix::__private::{
                    ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
                };
                span.record_value(
                    "id",
                    (&&&::otel_actix::__private::Argument(&id)).value(),
                );
            }
        }
        span.drive(
                async move {
                    if let ::core::option::Option::Some(output) = ::core::option::Option::None::<
                        Result<(), Full>,
                    > {
                        return output;
                    }
                    {
                        self.rows.try_insert(id, row)?;
                        Ok(())
                    }
                },
                |span, output| {
                    use ::otel_actix::__private::{
                        OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                    };
                    (&&&::otel_actix::__private::Returned(output)).mark(span);
                },
            )
            .await
    }
}
