//! Traits.

mod async_fn_in_trait {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    trait Store {
        async fn get(&self, id: u32) -> Result<u32, String>;

        #[auto_instrument]
        async fn get_twice(&self, id: u32) -> Result<u32, String> {
            Ok(self.get(id).await? + self.get(id).await?)
        }
    }

    struct Memory;

    impl Store for Memory {
        /// otel-instrument copies the function, which is illegal in a trait impl.
        #[auto_instrument]
        async fn get(&self, id: u32) -> Result<u32, String> {
            if id == 0 { Err("none".to_owned()) } else { Ok(id) }
        }
    }

    #[test]
    fn implementation_and_default_body_have_spans() {
        let spans = async_tree(|| async { assert_eq!(Memory.get_twice(1).await, Ok(2)) });
        assert_eq!(spans, "get_twice\n  get\n  get\n");
        assert_eq!(
            async_tree(|| Memory.get_twice(0)),
            "get_twice !alloc::string::String \"none\"\n  get !alloc::string::String \"none\"\n"
        );
    }
}

mod dyn_trait {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument]
    trait Shape {
        fn area(&self) -> f64;

        fn describe(&self) -> String {
            format!("{:.1}", self.area())
        }
    }

    struct Square(f64);

    #[auto_instrument]
    impl Shape for Square {
        fn area(&self) -> f64 {
            self.0 * self.0
        }
    }

    #[test]
    fn default_bodies_and_implementations_carry_the_type_in_their_names() {
        let shape: Box<dyn Shape> = Box::new(Square(2.0));
        assert_eq!(tree(|| assert_eq!(shape.describe(), "4.0")), "Shape::describe\n  Square::area\n");
    }
}
