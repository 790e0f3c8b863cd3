//! Functions without a span: methods that describe a type, and functions with `skip`.

mod trivial_methods {
    use std::{
        collections::hash_map::DefaultHasher,
        hash::{Hash, Hasher},
        ops::Deref,
    };

    use otel_actix::auto_instrument;

    use crate::tree::tree;

    struct Id(u32);

    #[auto_instrument]
    impl Drop for Id {
        fn drop(&mut self) {
            self.0 = 0;
        }
    }

    #[auto_instrument]
    impl PartialEq for Id {
        fn eq(&self, other: &Self) -> bool {
            self.0 == other.0
        }
    }

    #[auto_instrument]
    impl Hash for Id {
        fn hash<H: Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }

    #[auto_instrument]
    impl Clone for Id {
        fn clone(&self) -> Self {
            Self(self.0)
        }
    }

    #[auto_instrument]
    impl Deref for Id {
        type Target = u32;

        fn deref(&self) -> &u32 {
            &self.0
        }
    }

    /// The method of no trait: an ordinary name.
    struct Switch;

    #[auto_instrument]
    impl Switch {
        fn clone(&self) -> u32 {
            1
        }
    }

    /// A function with the attribute gets its span.
    struct Loud;

    #[auto_instrument]
    impl Drop for Loud {
        #[auto_instrument(name = "loud")]
        fn drop(&mut self) {
            assert_eq!(Switch.clone(), 1);
        }
    }

    #[test]
    fn have_no_span_unless_annotated_or_of_no_trait() {
        let spans = tree(|| {
            let id = Id(1);
            let copy = id.clone();
            copy.hash(&mut DefaultHasher::new());
            assert!(id == copy && *copy == 1);
            drop(id);
        });
        assert_eq!(spans, "");
        assert_eq!(tree(|| drop(Loud)), "loud\n  Switch::clone\n");
    }
}

mod skip {
    use otel_actix::auto_instrument;

    use crate::tree::tree;

    trait Named {
        fn name(&self) -> u32;
    }

    struct Item;

    #[auto_instrument(skip)]
    impl Item {
        fn method(&self) -> u32 {
            self.name()
        }
    }

    #[auto_instrument(skip)]
    trait Greeting: Named {
        fn greet(&self) -> u32 {
            self.name()
        }
    }

    #[auto_instrument(skip)]
    impl Named for Item {
        fn name(&self) -> u32 {
            1
        }
    }

    impl Greeting for Item {}

    #[auto_instrument]
    mod shop {
        pub fn open() -> u32 {
            hidden::deep::work()
        }

        #[auto_instrument(skip)]
        mod hidden {
            pub mod deep {
                pub fn work() -> u32 {
                    Counter.count()
                }

                struct Counter;

                impl Counter {
                    fn count(&self) -> u32 {
                        1
                    }
                }
            }
        }

        pub struct Till;

        #[auto_instrument(skip)]
        impl Till {
            pub fn add(&self) -> u32 {
                1
            }
        }
    }

    #[test]
    fn leaves_everything_inside_alone() {
        assert_eq!(tree(|| assert_eq!(Item.method() + Item.greet(), 2)), "");
        assert_eq!(tree(|| assert_eq!(shop::open() + shop::Till.add(), 2)), "open\n");
    }
}
