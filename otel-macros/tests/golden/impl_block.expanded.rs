impl<T: Clone> Store<T> {
    const LIMIT: usize = 3;
    pub const fn limit() -> usize {
        Self::LIMIT
    }
    pub fn hot(&self) {}
    pub fn get(&self, id: u32) -> Option<&T> {
        let __otel_entered = ::otel_actix::__private::FunctionSpan::enter(
            ::otel_actix::__private::begin({
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
            }),
        );
        '__otel_body: { self.rows.get(&id) }
    }
    pub async fn put(&mut self, id: u32, row: T) -> Result<(), Full> {
        let __otel_span = ::otel_actix::__private::begin({
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
        if ::otel_actix::__private::FunctionSpan::is_recording(&__otel_span) {
            {
                use ::otel_actix::__private::{
                    ArgumentDebug as _, ArgumentDisplay as _, ArgumentField as _,
                };
                let __otel_value = (&&&::otel_actix::__private::Argument(&id))
                    .__otel_value();
                ::otel_actix::__private::FunctionSpan::record_value(
                    &__otel_span,
                    "id",
                    __otel_value,
                );
            }
        }
        return ::otel_actix::__private::FunctionSpan::drive(
                __otel_span,
                async move {
                    let _ = &row;
                    if let ::core::option::Option::Some(__otel_output) = ::core::option::Option::None::<
                        Result<(), Full>,
                    > {
                        return __otel_output;
                    }
                    '__otel_body: {
                        self.rows.try_insert(id, row)?;
                        Ok(())
                    }
                },
                |__otel_span, __otel_output| {
                    use ::otel_actix::__private::{
                        OutcomeAny as _, OutcomeMessage as _, OutcomeType as _,
                    };
                    (&&&::otel_actix::__private::Returned(__otel_output))
                        .__otel_mark(__otel_span);
                },
            )
            .await;
    }
}
