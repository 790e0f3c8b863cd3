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

        #[auto_instrument]
        fn skip_checked(mut self) -> Result<usize, String> {
            self.rest = self.rest.get_mut(1..).ok_or("empty")?;
            Ok(self.rest.len())
        }

        #[auto_instrument]
        fn skip_split(mut self) -> Result<usize, String> {
            let (_, rest) = self.rest.split_at_mut_checked(1).ok_or("empty")?;
            self.rest = rest;
            Ok(self.rest.len())
        }

        #[auto_instrument]
        fn skip_boxed(mut self: Box<Self>) -> Result<usize, String> {
            self.rest = &mut (*self.rest)[1..];
            self.rest.first_mut().map(|first| *first += 1).ok_or("empty")?;
            Ok(self.rest.len())
        }

        #[auto_instrument]
        fn skip_zeros(mut self) -> Result<usize, String> {
            while let [0, rest @ ..] = self.rest {
                self.rest = rest;
            }
            *self.rest.first_mut().ok_or("zeros")? = 0;
            Ok(self.rest.len())
        }

        #[auto_instrument]
        fn take(mut self) -> Result<usize, String> {
            let (_, rest) = std::mem::take(&mut self.rest).split_first_mut().ok_or("empty")?;
            self.rest = rest;
            Ok(self.rest.len())
        }

        #[auto_instrument]
        async fn skip_later(mut self) -> Result<usize, String> {
            self.rest = self.rest.get_mut(1..).ok_or("empty")?;
            Ok(self.rest.len())
        }
    }

    #[auto_instrument]
    fn underscored(mut _buffer: &mut [u8]) -> Result<usize, String> {
        _buffer = _buffer.get_mut(1..).ok_or("empty")?;
        Ok(1)
    }

    #[auto_instrument]
    fn fields(Cursor { mut rest }: Cursor<'_>) -> Result<usize, String> {
        rest = rest.get_mut(1..).ok_or("empty")?;
        Ok(rest.len())
    }

    #[auto_instrument]
    fn elements([mut left, mut right]: [&mut [u8]; 2]) -> Result<usize, String> {
        left = left.get_mut(1..).ok_or("empty")?;
        right = &mut right[1..];
        Ok(left.len() + right.len())
    }

    #[auto_instrument]
    fn halves<'a>(mut rest: Option<&'a mut [u8]>, out: &mut Vec<&'a mut [u8]>) -> Result<usize, String> {
        while let Some(bytes) = rest.take() {
            let (half, other) = bytes.split_at_mut(bytes.len().div_ceil(2));
            rest = (!other.is_empty()).then_some(other);
            out.push(half);
        }
        out.last().map(|last| last.len()).ok_or_else(|| "empty".to_owned())
    }

    #[auto_instrument]
    async fn write_later(mut buffer: &mut [u8]) -> Result<usize, String> {
        *buffer.first_mut().ok_or("full")? = 9;
        buffer = &mut buffer[1..];
        Ok(buffer.len())
    }

    #[test]
    fn go_into_the_closure_however_they_move() {
        let mut bytes = [0, 0, 3, 4];
        let spans = tree(|| {
            assert_eq!(Cursor { rest: &mut bytes }.skip_checked(), Ok(3));
            assert_eq!(Cursor { rest: &mut [] }.skip_checked(), Err("empty".to_owned()));
            assert_eq!(Cursor { rest: &mut bytes }.skip_split(), Ok(3));
            assert_eq!(Box::new(Cursor { rest: &mut bytes[2..] }).skip_boxed(), Ok(1));
            assert_eq!(Cursor { rest: &mut bytes }.skip_zeros(), Ok(2));
            assert_eq!(Cursor { rest: &mut bytes }.take(), Ok(3));
            assert_eq!(underscored(&mut bytes), Ok(1));
            assert_eq!(fields(Cursor { rest: &mut bytes }), Ok(3));
            let [left, right] = bytes.split_at_mut(2).into();
            assert_eq!(elements([left, right]), Ok(2));
            assert_eq!(halves(Some(&mut bytes), &mut Vec::new()), Ok(1));
            actix_web::rt::System::new().block_on(async {
                assert_eq!(Cursor { rest: &mut bytes }.skip_later().await, Ok(3));
            });
        });
        assert_eq!(bytes, [0, 0, 0, 5]);
        let failed = "skip_checked !alloc::string::String \"empty\"";
        let names = "skip_split\nskip_boxed\nskip_zeros\ntake\nunderscored\nfields\nelements\nhalves\nskip_later\n";
        assert_eq!(spans, format!("skip_checked\n{failed}\n{names}"));
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

    type Counter<'a> = &'a mut u32;

    #[auto_instrument]
    fn alias(count: Counter<'_>, limit: u32) -> Result<(), String> {
        *count = 0;
        if limit == 0 {
            *count = 1;
            return Ok(());
        }
        *count = limit;
        Err("limit".to_owned())
    }

    struct Counting<'a> {
        count: &'a mut u32,
    }

    impl Counting<'_> {
        #[auto_instrument]
        fn method(self, limit: u32) -> Result<(), String> {
            *self.count = 0;
            if limit == 0 {
                *self.count = 1;
                return Ok(());
            }
            *self.count = limit;
            Err("limit".to_owned())
        }
    }

    #[auto_instrument]
    fn field(counting: Counting<'_>, limit: u32) -> Result<(), String> {
        *counting.count = 0;
        if limit == 0 {
            *counting.count = 1;
            return Ok(());
        }
        *counting.count = limit;
        Err("limit".to_owned())
    }

    #[auto_instrument]
    #[allow(clippy::toplevel_ref_arg, reason = "the case")]
    fn by_reference(ref mut count: u32, limit: u32) -> Result<u32, String> {
        *count += 1;
        if limit == 0 {
            *count = 1;
            return Ok(0);
        }
        *count += limit;
        (*count > limit).then_some(*count).ok_or_else(|| "limit".to_owned())
    }

    #[test]
    fn are_no_variables_behind_other_names() {
        let mut count = 9;
        let failed = "!alloc::string::String \"limit\"";
        assert_eq!(tree(|| alias(&mut count, 0)), "alias\n");
        assert_eq!(tree(|| Counting { count: &mut count }.method(3)), format!("method {failed}\n"));
        assert_eq!(count, 3);
        assert_eq!(tree(|| field(Counting { count: &mut count }, 4)), format!("field {failed}\n"));
        assert_eq!(count, 4);
        assert_eq!(by_reference(1, 2), Ok(4));
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
