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

/// Their box may not go into a second one: it may live shorter than that, as far as the compiler knows.
mod boxes_of_a_type_parameter {
    use std::{fmt, pin::Pin};

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

    struct Boxed<U>(fn() -> Pin<Box<dyn Future<Output = U>>>, fn() -> BoxFuture<U>);

    #[allow(clippy::needless_pass_by_ref_mut, reason = "as the services of tower are written")]
    impl<U> Boxed<U> {
        #[auto_instrument]
        fn call(&mut self) -> Pin<Box<dyn Future<Output = U>>> {
            (self.0)()
        }

        #[auto_instrument]
        fn alias(&mut self) -> BoxFuture<U> {
            (self.1)()
        }
    }

    trait Service {
        type Response;

        fn call(&mut self) -> Pin<Box<dyn Future<Output = Result<Self::Response, String>>>>;
    }

    struct Fixed;

    impl Service for Fixed {
        type Response = u32;

        #[auto_instrument]
        fn call(&mut self) -> Pin<Box<dyn Future<Output = Result<u32, String>>>> {
            Box::pin(async { Ok(inner()) })
        }
    }

    #[auto_instrument]
    impl<Inner: Service> Service for Vec<Inner> {
        type Response = Inner::Response;

        fn call(&mut self) -> Pin<Box<dyn Future<Output = Result<Inner::Response, String>>>> {
            self[0].call()
        }
    }

    #[auto_instrument]
    impl<Output: 'static> Boxed<Output> {
        fn awaited(&self) -> Pin<Box<dyn Future<Output = Output>>> {
            let future = (self.0)();
            Box::pin(async move {
                let output = future.await;
                inner();
                output
            })
        }
    }

    struct Responses<Response>(fn() -> BoxFuture<Response>);

    impl<Response> Responses<Response> {
        #[auto_instrument]
        fn long_name(&self) -> Pin<Box<dyn Future<Output = Response> + Send>> {
            (self.0)()
        }

        #[auto_instrument]
        fn made(make: fn() -> BoxFuture<Response>) -> BoxFuture<Response> {
            make()
        }
    }

    impl<Fut> Service for Responses<Result<Fut, String>> {
        type Response = Fut;

        #[auto_instrument]
        fn call(&mut self) -> Pin<Box<dyn Future<Output = Result<Fut, String>>>> {
            (self.0)()
        }
    }

    struct Texts<'a>(fn() -> BoxFuture<&'a str>);

    impl<'a> Texts<'a> {
        #[auto_instrument]
        fn text(&self) -> BoxFuture<&'a str> {
            (self.0)()
        }
    }

    macro_rules! generated {
        ($name:ident, $parameter:ident) => {
            impl<$parameter> $name<$parameter> {
                #[auto_instrument]
                fn generated(&self) -> Pin<Box<dyn Future<Output = $parameter> + Send>> {
                    (self.0)()
                }
            }
        };
    }

    generated!(Responses, Parameter);

    struct Number(u32);

    impl Number {
        /// No parameter of the `impl` is called `Number`.
        #[auto_instrument]
        fn of_a_type(&self) -> Pin<Box<dyn Future<Output = Self>>> {
            let number = self.0;
            Box::pin(async move { Self(number + inner()) })
        }

        #[auto_instrument]
        #[allow(clippy::use_self, reason = "the case")]
        fn of_a_type_by_name(&self) -> Pin<Box<dyn Future<Output = Result<Number, fmt::Error>> + Send>> {
            let number = self.0;
            Box::pin(async move { Ok(Self(number + inner())) })
        }
    }

    impl<Response: 'static> Responses<Response> {
        #[auto_instrument]
        fn of_a_static_parameter(&self) -> Pin<Box<dyn Future<Output = Response> + Send>> {
            let future = (self.0)();
            Box::pin(async move {
                inner();
                future.await
            })
        }
    }

    #[test]
    fn are_those_of_the_impl_around_the_method() {
        let number = Responses(|| Box::pin(std::future::ready(1)));
        let mut checked = Responses(|| Box::pin(std::future::ready(Ok(2))));
        let spans = async_tree(|| async {
            assert_eq!((number.long_name().await, number.generated().await), (1, 1));
            assert_eq!(Responses::made(number.0).await, 1);
            assert_eq!(checked.call().await, Ok(2));
            assert_eq!(Texts(|| Box::pin(std::future::ready("text"))).text().await, "text");
        });
        assert_eq!(spans, "long_name\ngenerated\nmade\ncall\ntext\n");
        let spans = async_tree(|| async {
            assert_eq!(Number(1).of_a_type().await.0 + Number(2).of_a_type_by_name().await.unwrap().0, 5);
            assert_eq!(number.of_a_static_parameter().await, 1);
        });
        assert_eq!(spans, "of_a_type\ninner\nof_a_type_by_name\n  inner\nof_a_static_parameter\n  inner\n");
    }

    #[auto_instrument]
    fn boxed<F: Future<Output = U> + 'static, U>(future: F) -> Pin<Box<dyn Future<Output = U>>> {
        Box::pin(future)
    }

    #[auto_instrument]
    fn borrowed<'a, U: Clone>(item: &'a U) -> Pin<Box<dyn Future<Output = U> + 'a>> {
        Box::pin(async move {
            inner();
            item.clone()
        })
    }

    #[auto_instrument]
    fn inner() -> u32 {
        1
    }

    fn ready() -> Pin<Box<dyn Future<Output = u32>>> {
        Box::pin(std::future::ready(1))
    }

    #[test]
    fn have_the_span_of_the_call_where_the_future_cannot_have_one() {
        let mut item = Boxed(ready, || Box::pin(std::future::ready(1)));
        let spans = async_tree(|| async {
            assert_eq!((item.call().await, item.alias().await, item.awaited().await), (1, 1, 1));
            assert_eq!(vec![Fixed].call().await, Ok(1));
            assert_eq!((boxed(async { inner() }).await, borrowed(&1).await), (1, 1));
        });
        let awaited = "call\nalias\nBoxed::awaited\n  inner\n";
        assert_eq!(spans, format!("{awaited}Vec::call\n  call\n    inner\nboxed\ninner\nborrowed\n  inner\n"));
    }
}
