//! Parameters, generics, receivers and return types.

mod generics_const_where {
    use std::fmt::Display;

    use otel_actix::auto_instrument;

    use crate::tree::{async_tree, tree};

    #[auto_instrument]
    fn join<T, const N: usize>(items: [T; N], separator: &str) -> Result<String, T>
    where
        T: Display + Clone,
    {
        let texts: Vec<String> = items.iter().map(ToString::to_string).collect();
        if texts.is_empty() { Err(items[0].clone()) } else { Ok(texts.join(separator)) }
    }

    #[auto_instrument]
    async fn wait<F, T>(future: F) -> T
    where
        F: Future<Output = T>,
    {
        future.await
    }

    #[test]
    fn are_kept() {
        assert_eq!(tree(|| assert_eq!(join([1, 2], "-").unwrap(), "1-2")), "join\n");
        assert_eq!(async_tree(|| async { assert_eq!(wait(async { 1 }).await, 1) }), "wait\n");
    }
}

mod lifetimes_elided {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    struct Words<'a>(&'a str);

    impl<'a> Words<'a> {
        #[auto_instrument]
        fn first(&self) -> Option<&'a str> {
            self.0.split(' ').next()
        }

        #[auto_instrument]
        async fn longest<'b>(&self, other: &'b str) -> Result<&'b str, &'a str> {
            if other.len() > self.0.len() { Ok(other) } else { Err(self.0) }
        }
    }

    #[test]
    fn borrows_come_back() {
        let words = Words("a b");
        let spans = async_tree(|| async {
            assert_eq!(words.first(), Some("a"));
            assert_eq!(words.longest("abcd").await, Ok("abcd"));
        });
        assert_eq!(spans, "first\nlongest\n");
    }
}

mod mut_param {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn count_down(mut n: u32) -> Result<u32, String> {
        while n > 1 {
            n -= 1;
        }
        Ok(n)
    }

    #[auto_instrument]
    async fn grow(mut items: Vec<u32>) -> Vec<u32> {
        items.push(1);
        items
    }

    #[test]
    fn stay_mutable() {
        let spans = async_tree(|| async {
            assert_eq!(count_down(3), Ok(1));
            assert_eq!(grow(vec![]).await, [1]);
        });
        assert_eq!(spans, "count_down\ngrow\n");
    }
}

mod pattern_args {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    struct Point {
        x: u32,
        y: u32,
    }

    #[auto_instrument]
    fn sum(Point { x, y }: Point, (a, _): (u32, u32), [first, ..]: [u32; 3], _: &str) -> u32 {
        x + y + a + first
    }

    #[auto_instrument(args(x, a))]
    async fn async_sum(Point { x, y: _ }: Point, &(a, ref b): &(u32, String)) -> Result<u32, String> {
        Ok(x + a + u32::try_from(b.len()).map_err(|error| error.to_string())?)
    }

    #[test]
    fn are_kept() {
        let spans = async_tree(|| async {
            assert_eq!(sum(Point { x: 1, y: 2 }, (3, 0), [4, 0, 0], ""), 10);
            assert_eq!(async_sum(Point { x: 1, y: 2 }, &(3, "ab".to_owned())).await, Ok(6));
        });
        assert_eq!(spans, "sum\nasync_sum x=1 a=3\n");
    }
}

mod cfg_param {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    /// tracing#3320: code that is generated for a parameter needs its `#[cfg]` too.
    #[auto_instrument(args(present, absent))]
    fn pick(#[cfg(test)] present: u32, #[cfg(not(test))] absent: Missing) -> u32 {
        present
    }

    #[test]
    fn a_parameter_that_is_not_there_is_not_recorded() {
        assert_eq!(tree(|| pick(1)), "pick present=1\n");
    }
}

mod impl_trait_arg {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn total(numbers: impl IntoIterator<Item = u32>) -> u32 {
        numbers.into_iter().sum()
    }

    #[test]
    fn is_kept() {
        assert_eq!(tree(|| assert_eq!(total([1, 2]), 3)), "total\n");
    }
}

mod ret_impl_trait_nested {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn evens(limit: u32) -> Result<impl Iterator<Item = u32>, String> {
        if limit == 0 {
            return Err("none".to_owned());
        }
        Ok((0..limit).filter(|n| n % 2 == 0))
    }

    #[auto_instrument]
    async fn pair() -> (impl Iterator<Item = u32>, Option<impl Fn() -> u32>) {
        (0..2, Some(|| 3))
    }

    #[auto_instrument]
    async fn in_a_trait_object() -> Box<dyn Iterator<Item = impl std::fmt::Display>> {
        Box::new([1, 2].into_iter())
    }

    #[test]
    fn is_kept() {
        let spans = async_tree(|| async {
            assert_eq!(in_a_trait_object().await.count(), 2);
            assert_eq!(evens(3).unwrap().count(), 2);
            assert_eq!(pair().await.1.unwrap()(), 3);
        });
        assert_eq!(spans, "in_a_trait_object\nevens\npair\n");
    }
}

mod self_arc {
    use std::{pin::Pin, rc::Rc, sync::Arc};

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[derive(Clone)]
    struct Service(u32);

    impl Service {
        #[auto_instrument]
        async fn by_arc(self: Arc<Self>) -> u32 {
            self.0
        }

        #[auto_instrument]
        fn by_rc(self: &Rc<Self>) -> Result<u32, String> {
            Ok(self.0)
        }

        #[auto_instrument]
        fn by_value(self) -> Self {
            self
        }

        #[auto_instrument]
        fn by_mut(&mut self) -> Result<&mut u32, String> {
            self.0 += 1;
            Ok(&mut self.0)
        }

        #[auto_instrument]
        fn by_box(self: Box<Self>) -> u32 {
            self.0
        }

        #[auto_instrument]
        async fn by_pin(self: Pin<&mut Self>) -> u32 {
            self.0
        }

        #[auto_instrument]
        fn by_mut_value(mut self) -> Result<u32, String> {
            self.0 += 1;
            Ok(self.0)
        }
    }

    #[test]
    fn every_receiver_is_kept() {
        let mut service = Service(1);
        let spans = async_tree(|| async {
            Arc::new(service.clone()).by_arc().await;
            Rc::new(service.clone()).by_rc().unwrap();
            *service.by_mut().unwrap() += 1;
            Pin::new(&mut service).by_pin().await;
            assert_eq!(Box::new(service.clone()).by_box(), 3);
            assert_eq!(service.by_value().by_mut_value(), Ok(4));
        });
        assert_eq!(spans, "by_arc\nby_rc\nby_mut\nby_pin\nby_box\nby_value\nby_mut_value\n");
    }
}

mod raw_identifiers {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument(args(r#type), fields(r#match = 1))]
    fn r#loop(r#type: u32) -> u32 {
        r#type
    }

    #[test]
    fn lose_their_prefix_in_names_and_keys() {
        assert_eq!(tree(|| r#loop(1)), "loop match=1 type=1\n");
    }
}
