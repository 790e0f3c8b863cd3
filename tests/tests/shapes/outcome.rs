//! The outcome of a call on its span.

mod panic_in_sync {
    use std::panic::catch_unwind;

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn outer() -> Result<(), String> {
        inner();
        Ok(())
    }

    #[auto_instrument]
    fn inner() {
        panic!("on purpose");
    }

    struct Cleanup;

    impl Drop for Cleanup {
        fn drop(&mut self) {
            clean_up();
        }
    }

    #[auto_instrument]
    fn clean_up() {}

    #[test]
    fn marks_every_span_that_it_leaves() {
        let spans = tree(|| catch_unwind(outer).is_err());
        assert_eq!(spans, "outer !panic \"panicked\"\n  inner !panic \"panicked\"\n");
    }

    #[test]
    fn a_call_made_while_unwinding_did_not_panic_itself() {
        let spans = tree(|| {
            catch_unwind(|| {
                let _cleanup = Cleanup;
                panic!("on purpose");
            })
            .is_err()
        });
        assert_eq!(spans, "clean_up\n");
    }
}

mod errors {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[derive(Debug)]
    struct Silent;

    #[auto_instrument]
    async fn without_message() -> Result<(), Silent> {
        Err(Silent)
    }

    #[auto_instrument(err = "type")]
    async fn only_the_type() -> Result<(), String> {
        Err("secret".to_owned())
    }

    #[auto_instrument(err = false)]
    async fn nothing() -> Result<(), String> {
        Err("expected".to_owned())
    }

    #[auto_instrument(err = "type")]
    fn only_the_type_sync() -> Result<(), String> {
        Err("secret".to_owned())
    }

    #[auto_instrument(err = false)]
    fn nothing_sync() -> Result<(), String> {
        Err("expected".to_owned())
    }

    #[test]
    fn record_what_is_there_and_asked_for() {
        assert_eq!(async_tree(without_message), "without_message !shapes::outcome::errors::Silent \"\"\n");
        assert_eq!(async_tree(only_the_type), "only_the_type !alloc::string::String \"\"\n");
        assert_eq!(async_tree(nothing), "nothing\n");
        assert_eq!(async_tree(|| async { only_the_type_sync() }), "only_the_type_sync !alloc::string::String \"\"\n");
        assert_eq!(async_tree(|| async { nothing_sync() }), "nothing_sync\n");
    }
}

mod generic_error {
    use std::fmt::Display;

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn fail<E: Display>(error: E) -> Result<(), E> {
        Err(error)
    }

    #[auto_instrument]
    fn fail_unknown<E>(error: E) -> Result<(), E> {
        Err(error)
    }

    #[test]
    fn bounds_decide() {
        assert_eq!(tree(|| fail("no")), "fail !&str \"no\"\n");
        assert_eq!(tree(|| fail_unknown("no")), "fail_unknown !&str \"\"\n");
    }
}

mod values_that_cannot_be_printed {
    use std::fmt::{self, Debug, Display, Formatter};

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[derive(Clone, Copy, PartialEq)]
    enum Broken {
        Fails,
        FailsHalfway,
        Panics,
    }

    impl Display for Broken {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            match self {
                Self::Fails => Err(fmt::Error),
                Self::FailsHalfway => f.write_str("half").and(Err(fmt::Error)),
                Self::Panics => f.write_str("half").map(|()| panic!("on purpose")),
            }
        }
    }

    struct OnlyDebug(Broken);

    impl Debug for OnlyDebug {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            Display::fmt(&self.0, f)
        }
    }

    #[auto_instrument]
    fn sync(error: Broken) -> Result<(), Broken> {
        Err(error)
    }

    #[auto_instrument]
    async fn later(error: Broken) -> Result<(), Broken> {
        Err(error)
    }

    #[auto_instrument(args(shown, debugged), ret)]
    fn values(shown: Broken, debugged: &OnlyDebug) -> OnlyDebug {
        OnlyDebug(debugged.0)
    }

    #[test]
    fn come_back_as_without_the_attribute() {
        let spans = async_tree(|| async {
            for error in [Broken::Fails, Broken::FailsHalfway, Broken::Panics] {
                assert!(sync(error) == Err(error));
                assert!(later(error).await == Err(error));
            }
            assert!(values(Broken::Fails, &OnlyDebug(Broken::Panics)).0 == Broken::Panics);
        });
        let failed =
            |name, how| format!("{name} !{} \"not available: `Display` {how}\"\n", std::any::type_name::<Broken>());
        let mut expected = String::new();
        for how in ["returned an error", "returned an error", "panicked"] {
            expected.push_str(&(failed("sync", how) + &failed("later", how)));
        }
        let debug = "not available: `Debug` panicked";
        let shown = "not available: `Display` returned an error";
        expected.push_str(&["values shown=", shown, " debugged=", debug, " return=", debug, "\n"].concat());
        assert_eq!(spans, expected);
    }
}
