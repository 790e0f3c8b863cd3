//! Tasks and threads started by an instrumented function.

mod spawn_async_block {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn outer() {
        tokio::task::spawn_local(async { inner().await }).await.unwrap();
        actix_web::rt::spawn(async move { inner().await }).await.unwrap();
        let mut set = tokio::task::JoinSet::new();
        set.spawn_local(async { inner().await });
        set.join_all().await;
    }

    #[auto_instrument]
    async fn inner() {}

    #[test]
    fn their_spans_are_children() {
        assert_eq!(async_tree(outer), "outer\n  inner\n  inner\n  inner\n");
    }
}

mod spawn_fn_call {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn outer() {
        let future = inner();
        actix_web::rt::spawn(inner()).await.unwrap();
        actix_web::rt::spawn(future).await.unwrap();
    }

    #[auto_instrument]
    async fn inner() {}

    #[test]
    fn a_call_or_variable_that_is_a_future_is_carried() {
        assert_eq!(async_tree(outer), "outer\n  inner\n  inner\n");
    }
}

mod spawn_blocking_closure {
    use actix_web::web;
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    async fn outer() {
        web::block(inner).await.unwrap();
        let job = || inner();
        tokio::task::spawn_blocking(job).await.unwrap();
        std::thread::spawn(move || {
            inner();
        })
        .join()
        .unwrap();
        std::thread::scope(|scope| {
            scope
                .spawn(|| {
                    inner();
                })
                .join()
                .unwrap();
        });
    }

    #[auto_instrument]
    fn inner() {}

    #[test]
    fn threads_are_below_too() {
        assert_eq!(async_tree(outer), "outer\n  inner\n  inner\n  inner\n  inner\n");
    }
}

mod spawn_unrelated_fn {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    mod task {
        pub fn spawn(value: u32) -> u32 {
            value + 1
        }
    }

    struct World(u32);

    impl World {
        fn spawn(&mut self, add: u32) -> &mut Self {
            self.0 += add;
            self
        }
    }

    #[auto_instrument]
    fn outer() -> u32 {
        let mut world = World(0);
        task::spawn(1) + world.spawn(2).spawn(3).0
    }

    #[test]
    fn anything_else_passes_through_unchanged() {
        assert_eq!(tree(|| assert_eq!(outer(), 7)), "outer\n");
    }
}

mod closure_with_params_untouched {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    struct Pool;

    impl Pool {
        fn spawn(&self, job: impl Fn(u32, u32) -> u32) -> u32 {
            job(1, 2)
        }
    }

    #[auto_instrument]
    fn outer() -> u32 {
        Pool.spawn(|a, b| a + b)
    }

    #[test]
    fn keeps_its_parameters() {
        assert_eq!(tree(|| assert_eq!(outer(), 3)), "outer\n");
    }
}

mod carry_false {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument(carry = false)]
    async fn outer() {
        actix_web::rt::spawn(on_its_own()).await.unwrap();
    }

    #[auto_instrument]
    async fn on_its_own() {}

    /// The thread stays in the context of the test, but is not below `outer`.
    #[test]
    fn opts_out() {
        assert_eq!(async_tree(outer), "outer\non_its_own\n");
    }
}
