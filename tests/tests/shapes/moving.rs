//! Parameters that the body changes or moves out: a function that returns a `Result` has them in a closure.

mod references_that_move_forward {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    fn write_to(mut buffer: &mut [u8]) -> Result<usize, String> {
        for byte in 1..=2 {
            *buffer.first_mut().ok_or("full")? = byte;
            buffer = &mut buffer[1..];
        }
        Ok(buffer.len())
    }

    struct Node {
        next: Option<Box<Self>>,
        value: u32,
    }

    #[auto_instrument]
    fn last(mut node: &mut Node) -> Result<u32, String> {
        while node.next.is_some() {
            node = node.next.as_deref_mut().unwrap();
        }
        node.value += 1;
        Ok(node.value)
    }

    #[auto_instrument]
    fn both((mut left, right): (&mut [u8], &[u8])) -> Result<usize, String> {
        for &byte in right {
            *left.first_mut().ok_or("full")? = byte;
            left = &mut left[1..];
        }
        Ok(left.len())
    }

    struct Cursor<'a> {
        rest: &'a mut [u8],
    }

    #[auto_instrument]
    fn advance(mut cursor: Cursor<'_>, by: usize) -> Result<usize, String> {
        cursor.rest = &mut cursor.rest[by..];
        Ok(cursor.rest.len())
    }

    impl Cursor<'_> {
        #[auto_instrument]
        fn skip(mut self) -> Result<usize, String> {
            self.rest = &mut self.rest[1..];
            Ok(self.rest.len())
        }
    }

    #[auto_instrument]
    async fn write_later(mut buffer: &mut [u8]) -> Result<usize, String> {
        *buffer.first_mut().ok_or("full")? = 9;
        buffer = &mut buffer[1..];
        Ok(buffer.len())
    }

    #[test]
    fn go_into_the_closure() {
        let mut bytes = [0; 4];
        let mut list = Node { next: Some(Box::new(Node { next: None, value: 1 })), value: 0 };
        let spans = tree(|| {
            assert_eq!(write_to(&mut bytes), Ok(2));
            assert_eq!(last(&mut list), Ok(2));
            assert_eq!(both((&mut bytes, &[3])), Ok(3));
            assert_eq!(advance(Cursor { rest: &mut bytes }, 2), Ok(2));
            assert_eq!(Cursor { rest: &mut bytes }.skip(), Ok(3));
            assert_eq!(write_to(&mut bytes[..1]), Err("full".to_owned()));
            actix_web::rt::System::new().block_on(async { assert_eq!(write_later(&mut bytes).await, Ok(3)) });
        });
        assert_eq!(bytes, [9, 2, 0, 0]);
        let failed = "write_to !alloc::string::String \"full\"";
        assert_eq!(spans, format!("write_to\nlast\nboth\nadvance\nskip\n{failed}\nwrite_later\n"));
    }
}

/// In a closure that borrows them, lints would treat the places behind the references as variables.
mod places_that_are_assigned_twice {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    struct Search {
        found: Option<u32>,
    }

    #[auto_instrument]
    fn search(state: &mut Search, items: &[u32]) -> Result<(), String> {
        state.found = None;
        for &item in items {
            if item > 1 {
                state.found = Some(item);
                return Ok(());
            }
        }
        state.found = Some(0);
        Err("not found".to_owned())
    }

    impl Search {
        #[auto_instrument]
        fn again(&mut self, items: &[u32]) -> Result<(), String> {
            self.found = None;
            self.found = items.first().copied();
            Ok(())
        }
    }

    #[test]
    fn are_no_variables() {
        let mut state = Search { found: None };
        assert_eq!(tree(|| search(&mut state, &[1, 2])), "search\n");
        assert_eq!(state.found, Some(2));
        assert_eq!(tree(|| state.again(&[7])), "again\n");
        assert_eq!(state.found, Some(7));
    }
}

mod drop_order_of_what_moves {
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
    fn changed(mut first: Note<'_>, second: Note<'_>) -> Result<(), String> {
        first.0 = "changed";
        drop(Note("local", second.1));
        Ok(())
    }

    impl Note<'_> {
        #[auto_instrument]
        fn renamed(mut self, other: Note<'_>) -> Result<(), String> {
            self.0 = other.0;
            Ok(())
        }
    }

    #[test]
    fn is_that_of_the_plain_function() {
        let log = RefCell::new(Vec::new());
        tree(|| changed(Note("first", &log), Note("second", &log)));
        assert_eq!(log.take(), ["local", "second", "changed"]);
        tree(|| Note("first", &log).renamed(Note("second", &log)));
        assert_eq!(log.take(), ["second", "second"]);
    }
}
