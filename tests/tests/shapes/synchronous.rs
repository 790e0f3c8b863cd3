//! Functions without `async`.

mod sync_unit {
    use otel_actix::auto_instrument;

    use crate::tree::{spans_called, tree};

    /// The line of the function below.
    const LINE: u32 = line!() + 3;

    #[auto_instrument]
    fn tick(counter: &mut u32) {
        *counter += 1;
    }

    #[test]
    fn has_a_span_that_says_where_it_stands() {
        let mut counter = 0;
        assert_eq!(tree(|| tick(&mut counter)), "tick\n");
        assert_eq!(counter, 1);
        let span = spans_called("tick").pop().unwrap();
        let attribute = |key: &str| span.attributes.iter().find(|kv| kv.key.as_str() == key).unwrap().value.clone();
        assert_eq!(attribute("code.function.name").as_str(), "shapes::synchronous::sync_unit::tick");
        assert!(attribute("code.file.path").as_str().ends_with("shapes/synchronous.rs"));
        // The line of the name, not of the attribute.
        assert_eq!(attribute("code.line.number"), opentelemetry::Value::I64(LINE.into()));
        assert_eq!(span.instrumentation_scope.name(), "otel-core");
    }
}

mod nested_calls {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn outer() -> u32 {
        inner(1) + inner(2)
    }

    #[auto_instrument]
    fn inner(value: u32) -> u32 {
        value
    }

    #[test]
    fn children_are_below_their_parent() {
        assert_eq!(tree(outer), "outer\n  inner\n  inner\n");
    }
}

mod sync_result_alias {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    type ParseResult<T> = Result<T, std::num::ParseIntError>;

    #[auto_instrument]
    fn parse(text: &str) -> ParseResult<u32> {
        let number = text.parse()?;
        Ok(number)
    }

    #[test]
    fn question_mark_is_seen() {
        assert_eq!(tree(|| parse("1")), "parse\n");
        assert_eq!(tree(|| parse("x")), "parse !core::num::error::ParseIntError \"invalid digit found in string\"\n");
    }
}

mod alias_that_does_not_look_like_a_result {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    type Fallible<T> = Result<T, std::num::ParseIntError>;

    #[auto_instrument(err = "message")]
    fn parse(text: &str) -> Fallible<u32> {
        text.parse()
    }

    #[test]
    fn is_named_by_the_user() {
        assert_eq!(tree(|| parse("x")), "parse !core::num::error::ParseIntError \"invalid digit found in string\"\n");
    }
}

mod ret_never {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn give_up() -> ! {
        panic!("on purpose")
    }

    #[test]
    fn the_panic_is_on_the_span() {
        let spans = tree(|| catch_unwind(AssertUnwindSafe(|| give_up())).is_err());
        assert_eq!(spans, "give_up !panic \"panicked\"\n");
    }
}

mod recursion_sync {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn down(n: u32) -> u32 {
        if n == 0 { 0 } else { down(n - 1) }
    }

    #[test]
    fn one_span_per_call() {
        assert_eq!(tree(|| down(2)), "down\n  down\n    down\n");
    }
}

mod track_caller_preserved {
    use std::panic::Location;

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    #[track_caller]
    fn here() -> &'static Location<'static> {
        Location::caller()
    }

    #[auto_instrument]
    #[track_caller]
    fn result_here() -> Result<&'static Location<'static>, String> {
        Ok(Location::caller())
    }

    #[test]
    fn it_is_the_caller() {
        let line = line!() + 1;
        assert_eq!(tree(|| assert_eq!(here().line(), line)), "here\n");
        let line = line!() + 1;
        tree(|| assert_eq!(result_here().unwrap().line(), line));
    }
}

mod drop_order {
    use std::cell::RefCell;

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    struct Note<'a>(&'static str, &'a RefCell<Vec<&'static str>>);

    impl Drop for Note<'_> {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }

    #[auto_instrument]
    fn guard(first: Note<'_>, second: Note<'_>) -> usize {
        let _local = Note("local", first.1);
        second.0.len()
    }

    #[auto_instrument]
    fn closure(first: Note<'_>, second: Note<'_>) -> Result<usize, String> {
        let _local = Note("local", first.1);
        Ok(second.0.len())
    }

    #[test]
    fn is_that_of_the_plain_function() {
        let log = RefCell::new(Vec::new());
        tree(|| guard(Note("first", &log), Note("second", &log)));
        assert_eq!(log.take(), ["local", "second", "first"]);
        tree(|| closure(Note("first", &log), Note("second", &log)));
        assert_eq!(log.take(), ["local", "second", "first"]);
    }
}

mod extern_c_fn {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    extern "C" fn callback(value: u32) -> u32 {
        value + 1
    }

    #[test]
    fn keeps_its_abi() {
        let pointer: extern "C" fn(u32) -> u32 = callback;
        assert_eq!(tree(|| assert_eq!(pointer(1), 2)), "callback\n");
    }
}

mod mut_ref_return {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn first(items: &mut [u32]) -> &mut u32 {
        &mut items[0]
    }

    #[auto_instrument]
    fn first_checked(items: &mut [u32]) -> Result<&mut u32, String> {
        items.first_mut().ok_or_else(|| "empty".to_owned())
    }

    #[test]
    fn the_borrow_comes_back() {
        let mut items = [1, 2];
        assert_eq!(tree(|| *first(&mut items) = 3), "first\n");
        assert_eq!(tree(|| *first_checked(&mut items).unwrap() += 1), "first_checked\n");
        assert_eq!(items, [4, 2]);
        assert_eq!(tree(|| first_checked(&mut []).is_err()), "first_checked !alloc::string::String \"empty\"\n");
    }
}
