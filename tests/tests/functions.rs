//! Together with the attributes of other crates.
//!
//! Apart from `shapes`: these attributes write `#[allow]`s, which a crate that forbids the lint does not compile.

#![deny(warnings)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

#[path = "shapes/tree.rs"]
#[allow(dead_code, reason = "shared")]
mod tree;

#[path = "functions/future_sizes.rs"]
mod future_sizes;

mod async_trait_above {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[async_trait::async_trait]
    trait Store: Sync {
        async fn get(&self, id: u32) -> Result<u32, String>;

        #[auto_instrument]
        async fn first(&self) -> Result<u32, String> {
            self.get(1).await
        }
    }

    struct Memory;

    #[async_trait::async_trait]
    impl Store for Memory {
        #[auto_instrument]
        async fn get(&self, id: u32) -> Result<u32, String> {
            if id == 0 {
                return Err("none".to_owned());
            }
            Ok(id)
        }
    }

    #[test]
    fn what_async_trait_made_of_the_method_has_a_span() {
        assert_eq!(async_tree(|| Memory.first()), "first\n  get\n");
        assert_eq!(async_tree(|| Memory.get(0)), "get !alloc::string::String \"none\"\n");
    }
}

mod async_trait_below {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[async_trait::async_trait]
    trait Store: Sync {
        async fn get(&self, id: u32) -> Result<u32, String>;
    }

    struct Memory;

    #[auto_instrument]
    #[async_trait::async_trait]
    impl Store for Memory {
        async fn get(&self, id: u32) -> Result<u32, String> {
            if id == 0 {
                return Err("none".to_owned());
            }
            Ok(id)
        }
    }

    #[test]
    fn methods_have_spans_before_async_trait_sees_them() {
        assert_eq!(async_tree(|| Memory.get(1)), "Memory::get\n");
        assert_eq!(async_tree(|| Memory.get(0)), "Memory::get !alloc::string::String \"none\"\n");
    }
}

mod async_trait_local {
    use std::{cell::Cell, rc::Rc};

    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[async_trait::async_trait(?Send)]
    trait Counter {
        async fn next(&self) -> u32;
    }

    #[async_trait::async_trait(?Send)]
    impl Counter for Rc<Cell<u32>> {
        #[auto_instrument]
        async fn next(&self) -> u32 {
            self.set(self.get() + 1);
            self.get()
        }
    }

    #[test]
    fn futures_that_are_not_send_stay_so() {
        assert_eq!(async_tree(|| async { assert_eq!(Rc::new(Cell::new(1)).next().await, 2) }), "next\n");
    }
}

mod stacked_with_tracing {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[auto_instrument]
    #[tracing::instrument]
    async fn above(id: u32) -> Result<u32, String> {
        Ok(id)
    }

    #[tracing::instrument(skip(id), err)]
    #[auto_instrument]
    async fn below(id: u32) -> Result<u32, String> {
        Ok(id)
    }

    #[auto_instrument]
    #[tracing::instrument]
    fn sync(id: u32) -> Result<u32, String> {
        Ok(id)
    }

    #[test]
    fn both_orders_work() {
        let spans = async_tree(|| async { (above(1).await, below(1).await, sync(1)) });
        assert_eq!(spans, "above\nbelow\nsync\n");
    }
}
