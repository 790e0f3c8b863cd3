//! Functions that return a future.

mod ret_impl_future {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn load(id: u32) -> impl Future<Output = Result<u32, String>> + Send + Unpin {
        if id == 0 {
            return std::future::ready(Err("zero".to_owned()));
        }
        std::future::ready(Ok(id))
    }

    #[test]
    fn the_span_ends_with_the_future() {
        assert_eq!(async_tree(|| load(1)), "load\n");
        assert_eq!(async_tree(|| load(0)), "load !alloc::string::String \"zero\"\n");
    }
}

mod ret_box_pin {
    use std::{
        pin::Pin,
        sync::atomic::{AtomicU32, Ordering::Relaxed},
    };

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn load<'a>(calls: &'a AtomicU32, text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
        calls.fetch_add(1, Relaxed);
        child();
        Box::pin(async move { text.len() })
    }

    #[auto_instrument]
    fn child() {}

    /// fastrace drops the statements in front of `Box::pin(async move ..)`.
    #[test]
    fn statements_before_the_future_run_inside_the_span() {
        let calls = AtomicU32::new(0);
        assert_eq!(async_tree(|| async { assert_eq!(load(&calls, "abc").await, 3) }), "load\n  child\n");
        assert_eq!(calls.into_inner(), 1);
    }
}

mod ret_dyn_future_coercion {
    use std::pin::Pin;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

    #[auto_instrument]
    fn pick(first: bool) -> Pin<Box<dyn Future<Output = u32>>> {
        if first {
            return Box::pin(async { 1 });
        }
        Box::pin(std::future::ready(2))
    }

    #[auto_instrument]
    fn alias(value: &u32) -> Boxed<'_, u32> {
        Box::pin(async move { *value })
    }

    #[test]
    fn both_branches_coerce() {
        let spans = async_tree(|| async { assert_eq!((pick(true).await, pick(false).await), (1, 2)) });
        assert_eq!(spans, "pick\npick\n");
    }

    #[test]
    fn an_alias_is_an_ordinary_function() {
        assert_eq!(async_tree(|| async { assert_eq!(alias(&1).await, 1) }), "alias\n");
    }
}

mod dropped_future {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn load() -> impl Future<Output = u32> {
        async { 1 }
    }

    #[test]
    fn never_polled_is_cancelled() {
        assert_eq!(tree(|| drop(load())), "load !cancelled\n");
    }
}
