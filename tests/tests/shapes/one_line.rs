//! Functions on one line, which some lints check and longer functions escape; and a crate that requires each `return`.
//!
//! The lints of `main.rs` are denied here, too: most of the test is that this compiles, with and without clippy.

mod on_one_line {
    use std::pin::Pin;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    type BoxFuture<T> = Pin<Box<dyn Future<Output = T>>>;

    struct Number(u32);

    #[rustfmt::skip]
    #[auto_instrument]
    impl Number {
        fn get(&self) -> u32 { self.0 }
        fn set(&mut self, number: u32) { self.0 = number; }
        fn checked(&self) -> Result<u32, String> { Ok(self.0) }
        fn borrowed(&mut self) -> Result<&mut u32, String> { Ok(&mut self.0) }
        async fn later(&self) -> u32 { self.0 }
        async fn later_checked(&self) -> Result<u32, String> { Ok(self.0) }
        fn future(&self) -> impl Future<Output = u32> { std::future::ready(self.0) }
        fn boxed(&self) -> Pin<Box<dyn Future<Output = u32> + '_>> { Box::pin(async { self.0 }) }
        fn alias(&self) -> BoxFuture<u32> { Box::pin(std::future::ready(self.0)) }
        fn branch(&self) -> u32 { if self.0 > 1 { 1 } else { 2 } }
        fn chosen(&self) -> &'static str { match self.0 { 3 => "three", _ => "other" } }
        fn nothing(&self) {}
    }

    #[test]
    fn no_lint_speaks_of_braces_that_are_ours() {
        let spans = async_tree(|| async {
            let mut number = Number(2);
            number.set(3);
            *number.borrowed().unwrap() += number.get() - 3;
            number.nothing();
            let sum = number.checked().unwrap() + number.later().await + number.later_checked().await.unwrap();
            let futures = number.future().await + number.boxed().await + number.alias().await;
            assert_eq!((sum, futures, number.branch(), number.chosen()), (9, 9, 1, "three"));
        });
        assert_eq!(spans.lines().count(), 12, "{spans}");
    }
}

#[deny(clippy::implicit_return)]
#[allow(clippy::needless_return, reason = "the style of this crate")]
mod with_return {
    use std::pin::Pin;

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn sync(number: u32) -> u32 {
        return number;
    }

    #[auto_instrument]
    fn checked(number: u32) -> Result<u32, String> {
        if number == 0 {
            return Err("zero".to_owned());
        }
        return Ok(number);
    }

    #[auto_instrument]
    async fn later(number: u32) -> u32 {
        return number;
    }

    #[auto_instrument(args(number), ret)]
    async fn recorded(number: u32) -> Result<u32, String> {
        return Ok(number);
    }

    #[auto_instrument]
    fn future(number: u32) -> impl Future<Output = u32> {
        return std::future::ready(number);
    }

    #[auto_instrument]
    fn boxed(number: u32) -> Pin<Box<dyn Future<Output = u32>>> {
        return Box::pin(std::future::ready(number));
    }

    #[test]
    fn every_function_of_ours_says_it_too() {
        let spans = async_tree(async || {
            let sum = sync(1) + checked(1).unwrap() + later(1).await + recorded(1).await.unwrap();
            assert_eq!((sum, future(1).await, boxed(1).await), (4, 1, 1));
        });
        assert_eq!(spans, "sync\nchecked\nlater\nrecorded number=1 return=1\nfuture\nboxed\n");
    }
}

mod errors_that_are_large {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    type Large = [u64; 64];

    trait Decode {
        #[allow(clippy::result_large_err, reason = "a trait of somebody else")]
        fn decode(&self) -> Result<u64, Large>;
    }

    struct Word(u64);

    impl Decode for Word {
        #[auto_instrument(err = "type")]
        fn decode(&self) -> Result<u64, Large> {
            if self.0 == 0 {
                return Err([0; 64]);
            }
            Ok(self.0)
        }
    }

    #[test]
    fn are_the_business_of_the_trait() {
        assert_eq!(tree(|| assert_eq!(Word(1).decode(), Ok(1))), "decode\n");
        assert_eq!(tree(|| Word(0).decode().is_err()), "decode ![u64; 64] \"\"\n");
    }
}

/// Lints that do not look into the code of an expansion, or do not apply to it.
mod expected_lints {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    #[expect(clippy::unused_async, reason = "the case")]
    async fn without_await(number: u32) -> u32 {
        number
    }

    #[auto_instrument]
    #[expect(clippy::needless_return, clippy::unnecessary_wraps, reason = "the case")]
    fn returns(number: u32) -> Result<u32, String> {
        return Ok(number);
    }

    #[cfg_attr(all(), expect(clippy::missing_const_for_fn, reason = "the case"))]
    #[auto_instrument]
    fn may_be_const(number: u32) -> u32 {
        number
    }

    struct Numbers;

    #[auto_instrument]
    #[expect(clippy::unused_self, clippy::unused_async, reason = "the case")]
    impl Numbers {
        async fn one(&self) -> u32 {
            1
        }
    }

    #[test]
    fn may_be_unfulfilled() {
        let spans = async_tree(|| async {
            assert_eq!(without_await(1).await + returns(2).unwrap() + may_be_const(3) + Numbers.one().await, 7);
        });
        assert_eq!(spans, "without_await\nreturns\nmay_be_const\nNumbers::one\n");
    }
}
