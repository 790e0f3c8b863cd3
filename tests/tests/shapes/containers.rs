//! `impl` blocks, traits and modules.

mod impl_block {
    use otel_actix::auto_instrument;

    use crate::tree::async_tree;

    #[derive(Default)]
    struct Store {
        rows: Vec<u32>,
    }

    #[auto_instrument(kind = "client")]
    impl Store {
        const FIRST: u32 = 1;

        const fn first() -> u32 {
            Self::FIRST
        }

        async fn put(&mut self, row: u32) -> Result<(), String> {
            self.check(row)?;
            self.rows.push(row);
            Ok(())
        }

        #[auto_instrument(kind = "internal", args(row))]
        fn check(&self, row: u32) -> Result<(), String> {
            if self.rows.contains(&row) { Err("twice".to_owned()) } else { Ok(()) }
        }

        #[auto_instrument(skip)]
        fn hot(&self) -> usize {
            self.rows.len()
        }
    }

    #[test]
    fn every_method_but_const_and_skipped_has_a_span() {
        let mut store = Store::default();
        let spans = async_tree(|| async {
            store.put(Store::first()).await.unwrap();
            assert_eq!(store.hot(), 1);
        });
        assert_eq!(spans, "Store::put [Client]\n  Store::check row=1\n");
    }
}

mod impl_skip {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[auto_instrument(skip)]
    fn alone() -> u32 {
        1
    }

    #[test]
    fn skip_is_nothing_at_all() {
        assert_eq!(tree(alone), "");
    }
}

mod trait_impl {
    use std::fmt;

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    #[derive(PartialEq, Eq)]
    struct Order(u32);

    #[auto_instrument]
    impl fmt::Display for Order {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "{}", self.0)
        }
    }

    #[auto_instrument]
    impl From<u32> for Order {
        fn from(id: u32) -> Self {
            Self(id)
        }
    }

    #[auto_instrument]
    impl Iterator for Order {
        type Item = u32;

        fn next(&mut self) -> Option<Self::Item> {
            None
        }
    }

    #[test]
    fn trivial_methods_are_left_alone() {
        assert_eq!(tree(|| Order::from(1).to_string()), "Order::from\n");
        assert_eq!(tree(|| Order(1).next()), "Order::next\n");
    }
}

mod inline_mod_nested {
    use otel_actix::auto_instrument;

    use crate::tree::{spans_called, tree};

    #[auto_instrument]
    mod shop {
        use std::num::ParseIntError;

        pub struct Cart(pub Vec<u32>);

        impl Cart {
            pub fn add(&mut self, text: &str) -> Result<(), ParseIntError> {
                self.0.push(prices::parse(text)?);
                Ok(())
            }
        }

        mod prices {
            use super::ParseIntError;

            pub fn parse(text: &str) -> Result<u32, ParseIntError> {
                text.parse()
            }
        }

        macro_rules! unrelated {
            () => {};
        }
        unrelated!();

        #[cfg(test)]
        mod tests {
            #[test]
            fn mod_with_tests() {
                let current = opentelemetry::Context::current();
                assert!(!opentelemetry::trace::TraceContextExt::has_active_span(&current));
            }
        }
    }

    #[test]
    fn everything_inside_has_spans() {
        let mut cart = shop::Cart(vec![]);
        assert_eq!(tree(|| cart.add("1")), "Cart::add\n  parse\n");
        let span = spans_called("Cart::add").pop().unwrap();
        let name = span.attributes.iter().find(|kv| kv.key.as_str() == "code.function.name").unwrap();
        assert_eq!(name.value.as_str(), "shapes::containers::inline_mod_nested::shop::Cart::add");
    }
}
