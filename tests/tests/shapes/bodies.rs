//! Bodies, and the items around functions.

mod inner_attributes {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn unused() -> u32 {
        #![allow(unused_variables)]
        let nobody = 1;
        2
    }

    #[test]
    fn stay_first() {
        assert_eq!(tree(unused), "unused\n");
    }
}

mod glob_shadows_return {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    mod names {
        pub fn span() -> u32 {
            1
        }
        pub fn output() -> u32 {
            2
        }
        pub fn begin() -> u32 {
            3
        }
    }

    /// tracing#3306: names in the expansion must not be the user's.
    #[auto_instrument(fields(sum = span() + output()))]
    async fn sum() -> Result<u32, String> {
        use names::*;
        let output = output();
        Ok(span() + output + begin())
    }

    use names::{output, span};

    #[test]
    fn are_not_ours() {
        assert_eq!(async_tree(|| async { assert_eq!(sum().await, Ok(6)) }), "sum sum=3\n");
    }
}

mod single_expr_block {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    fn one() -> u32 {
        1
    }

    #[auto_instrument]
    fn unit() {}

    #[auto_instrument]
    async fn two() -> u32 {
        2
    }

    /// tracing#1831: `unused_braces` (and any other warning) is an error here.
    #[test]
    fn are_no_unused_braces() {
        let spans = async_tree(|| async {
            unit();
            assert_eq!(one() + two().await, 3);
        });
        assert_eq!(spans, "unit\none\ntwo\n");
    }
}

mod user_mod_named_core {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod opentelemetry {}

    #[auto_instrument(ret)]
    async fn one() -> Result<u32, String> {
        Ok(1)
    }

    #[test]
    fn paths_are_absolute() {
        assert_eq!(async_tree(one), "one return=1\n");
    }
}

mod user_shadows_ok_err {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[allow(dead_code, non_snake_case)]
    mod shadows {
        pub struct Some;
        pub struct None;
        pub struct Ok;
        pub struct Err;
        pub struct Option;
        pub struct Box;
        pub struct Send;
    }

    #[allow(unused_imports)]
    use shadows::*;

    #[auto_instrument(args(id), ret)]
    async fn load(id: u32) -> Result<u32, &'static str> {
        if id == 0 { Result::Err("none") } else { Result::Ok(id) }
    }

    #[test]
    fn names_of_the_prelude_are_not_used() {
        assert_eq!(async_tree(|| load(1)), "load id=1 return=1\n");
        assert_eq!(async_tree(|| load(0)), "load id=0 !&str \"none\"\n");
    }
}

mod inside_macro_rules {
    use otel_actix::auto_instrument;

    use crate::tree::{async_tree, spans_called};

    macro_rules! function {
        ($name:ident, $value:expr, $ty:ty) => {
            #[auto_instrument(fields(value = $value))]
            async fn $name() -> $ty {
                $value
            }
        };
    }

    function!(from_a_macro, 7, u32);

    macro_rules! function_with_body {
        ($vis:vis $name:ident($parameter:pat => $ty:ty) -> $output:ty $body:block) => {
            #[auto_instrument]
            $vis fn $name($parameter: $ty) -> $output $body
        };
    }

    function_with_body! {
        pub checked((a, b) => (u32, u32)) -> Result<u32, String> {
            a.checked_sub(b).ok_or_else(|| "negative".to_owned())
        }
    }

    #[test]
    fn everything_can_come_from_a_macro() {
        assert_eq!(async_tree(from_a_macro), "from_a_macro value=7\n");
        assert_eq!(async_tree(|| async { checked((1, 2)) }), "checked !alloc::string::String \"negative\"\n");
        let span = spans_called("from_a_macro").pop().unwrap();
        assert!(span.attributes.iter().any(|kv| kv.key.as_str() == "code.line.number"));
    }
}

mod crate_path_override {
    use crate::tree::async_tree;

    mod telemetry {
        pub use otel_actix::*;
    }

    #[telemetry::auto_instrument(crate = telemetry)]
    async fn one() -> Result<u32, String> {
        Ok(1)
    }

    #[test]
    fn a_reexport_is_enough() {
        assert_eq!(async_tree(one), "one\n");
    }
}

mod no_prelude {
    #![no_implicit_prelude]

    use ::otel_actix::auto_instrument;

    #[auto_instrument(args(id), ret, fields(list = [1, 2], none = ::std::option::Option::None::<u32>))]
    async fn load(id: u32) -> ::std::result::Result<u32, &'static str> {
        ::std::result::Result::Ok(id)
    }

    #[auto_instrument]
    fn sync(id: u32) -> ::std::result::Result<u32, &'static str> {
        ::std::result::Result::Ok(id)
    }

    #[auto_instrument]
    fn boxed() -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = u32>>> {
        ::std::boxed::Box::pin(::std::future::ready(1))
    }

    #[::std::prelude::v1::test]
    fn nothing_of_it_is_needed() {
        let spans = crate::tree::async_tree(|| async {
            let _ = (load(1).await, sync(1), boxed().await);
        });
        ::std::assert_eq!(spans, "load list=[1,2] id=1 return=1\nsync\nboxed\n");
    }
}
