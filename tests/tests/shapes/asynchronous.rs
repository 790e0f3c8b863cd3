//! `async fn`.

mod async_question_mark {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn load(text: String) -> Result<u32, Box<dyn std::error::Error>> {
        inner().await;
        Ok(text.parse()?)
    }

    #[auto_instrument]
    async fn inner() {}

    #[test]
    fn the_error_is_on_the_span_and_children_are_below() {
        assert_eq!(async_tree(|| load("1".to_owned())), "load\n  inner\n");
        assert_eq!(
            async_tree(|| load("x".to_owned())),
            "load !alloc::boxed::Box<dyn core::error::Error> \"invalid digit found in string\"\n  inner\n"
        );
    }
}

mod tail_err {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn refuse() -> Result<(), &'static str> {
        Err("no")
    }

    #[auto_instrument]
    async fn refuse_early(early: bool) -> Result<(), &'static str> {
        if early {
            return Err("early");
        }
        Ok(())
    }

    /// opentelemetry-auto-span rewrites `?` and misses these.
    #[test]
    fn an_err_without_question_mark_is_seen() {
        assert_eq!(async_tree(refuse), "refuse !&str \"no\"\n");
        assert_eq!(async_tree(|| refuse_early(true)), "refuse_early !&str \"early\"\n");
        assert_eq!(async_tree(|| refuse_early(false)), "refuse_early\n");
    }
}

mod async_impl_responder {
    use actix_web::{HttpResponse, Responder, error::ErrorImATeapot};
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn answer(ok: bool) -> impl Responder {
        if ok { Ok(HttpResponse::Ok().finish()) } else { Err(ErrorImATeapot("no coffee")) }
    }

    #[test]
    fn the_result_behind_impl_responder_is_seen() {
        assert_eq!(async_tree(|| answer(true)), "answer\n");
        assert_eq!(async_tree(|| answer(false)), "answer !actix_web::error::error::Error \"no coffee\"\n");
    }
}

mod async_never {
    use std::time::Duration;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn forever() -> ! {
        loop {
            actix_web::rt::time::sleep(Duration::from_secs(60)).await;
        }
    }

    #[test]
    fn dropped_before_its_end_is_cancelled_and_no_error() {
        let spans = async_tree(|| async {
            let timeout = actix_web::rt::time::timeout(Duration::from_millis(1), forever());
            assert!(timeout.await.is_err());
        });
        assert_eq!(spans, "forever !cancelled\n");
    }
}

mod recursion_boxed {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn down(n: u32) -> u32 {
        if n == 0 { 0 } else { Box::pin(down(n - 1)).await }
    }

    #[test]
    fn one_span_per_call() {
        assert_eq!(async_tree(|| down(2)), "down\n  down\n    down\n");
    }
}

mod panic_in_a_task {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    async fn fall() {
        tokio::task::yield_now().await;
        panic!("on purpose");
    }

    /// The runtime catches the panic and drops the task when the thread is no longer panicking.
    #[test]
    fn is_a_panic_and_no_cancellation() {
        let spans = tree(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async { tokio::spawn(otel_actix::carry(fall())).await.unwrap_err() })
        });
        assert_eq!(spans, "fall !panic \"panicked\"\n");
    }
}

mod never_polled {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    async fn lazy() {}

    #[test]
    fn an_async_fn_that_is_never_polled_has_no_span() {
        assert_eq!(tree(|| drop(lazy())), "");
    }
}

mod body_once {
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn count() -> u32 {
        // A body that is emitted twice has two of these.
        static CALLS: AtomicU32 = AtomicU32::new(0);
        CALLS.fetch_add(1, Relaxed) + 1
    }

    #[test]
    fn statics_in_the_body_are_not_doubled() {
        async_tree(|| async {
            assert_eq!(count().await, 1);
            assert_eq!(count().await, 2);
        });
    }
}

mod deep_nesting {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    macro_rules! chain {
        ($($name:ident => $next:ident),+ $(,)?) => {
            $(
                #[auto_instrument]
                async fn $name() -> u32 {
                    $next().await + 1
                }
            )+
        };
    }

    chain! {
        a04 => a05, a05 => a06, a06 => a07, a07 => a08, a08 => a09,
        a09 => a10, a10 => a11, a11 => a12, a12 => a13, a13 => a14, a14 => a15, a15 => a16,
    }

    #[auto_instrument]
    async fn a16() -> u32 {
        0
    }

    /// lance#8416, rust#160036: stacked wrappers overflow the recursion limit.
    #[test]
    fn a_deep_chain_of_calls_compiles_and_runs() {
        assert_eq!(async_tree(|| async { assert_eq!(a04().await, 12) }).lines().count(), 13);
    }
}

mod kept_parameter {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    /// The expansion names the parameter, which is no use of it for lints.
    #[auto_instrument]
    async fn keeps(_until_the_end: String, text: String) -> usize {
        text.len()
    }

    #[test]
    fn a_parameter_with_an_underscore_may_be_kept() {
        assert_eq!(async_tree(|| async { assert_eq!(keeps(String::new(), "ab".to_owned()).await, 2) }), "keeps\n");
    }
}
