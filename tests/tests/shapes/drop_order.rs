//! Parameters are dropped in the order of the plain function, as the body left them. The same functions are compiled
//! without and with the attribute, and write down what is dropped.

use std::{cell::RefCell, pin::Pin};

use otel_actix::auto_instrument;

use crate::tree::async_tree;

thread_local!(static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) });

macro_rules! functions {
    ($module:ident $(, $attribute:ident)?) => {
        mod $module {
            use super::*;

            /// Only its `drop` reads the name.
            struct Note(&'static str);

            impl Drop for Note {
                fn drop(&mut self) {
                    DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
                }
            }

            struct Pair {
                left: Note,
                right: Note,
            }

            $(#[$attribute])?
            fn changed(mut first: Note, second: Note, _third: Note) -> Result<(), String> {
                first.0 = "changed";
                drop(Note(second.0));
                Ok(())
            }

            $(#[$attribute])?
            fn guard_first(_first: Note, mut second: Note, third: Note) -> Result<(), String> {
                second.0 = third.0;
                Ok(())
            }

            $(#[$attribute])?
            fn borrowed(first: Note, number: &u32) -> Result<&u32, String> {
                let _named = first.0;
                Ok(number)
            }

            $(#[$attribute])?
            async fn later(mut first: Note, second: Note, _third: Note) -> Result<(), String> {
                let _local = Note("local");
                Note(second.0).renamed(&second).await?;
                first.0 = "changed";
                Ok(())
            }

            $(#[$attribute])?
            fn boxed(mut first: Note, second: Note) -> Pin<Box<dyn Future<Output = ()>>> {
                first.0 = second.0;
                Box::pin(async {})
            }

            $(#[$attribute])?
            fn opaque(_first: Note, mut second: Note) -> impl Future<Output = ()> {
                second.0 = "changed";
                async {}
            }

            impl Note {
                $(#[$attribute])?
                fn committed(mut self, other: Self) -> Result<(), String> {
                    self.0 = other.0;
                    Ok(())
                }

                $(#[$attribute])?
                fn committed_to(mut self, number: &u32) -> Result<&u32, String> {
                    self.0 = "committed";
                    Ok(number)
                }

                $(#[$attribute])?
                async fn renamed(mut self, other: &Self) -> Result<(), String> {
                    self.0 = other.0;
                    Ok(())
                }
            }

            impl Pair {
                $(#[$attribute])?
                fn replaced(mut self, other: Note) -> Result<&'static str, String> {
                    drop(self.right);
                    self.right = Note("fresh");
                    Ok(other.0)
                }

                $(#[$attribute])?
                fn half(self, _other: Note, last: Note) -> Result<&'static str, String> {
                    let _named = last.0;
                    Ok(self.right.0)
                }

                $(#[$attribute])?
                async fn half_later(mut self, other: Note) {
                    self.right.0 = other.0;
                }
            }

            /// The name of each function, and the notes that it drops.
            pub fn dropped() -> Vec<(&'static str, Vec<&'static str>)> {
                let [first, second, third] = [|| Note("first"), || Note("second"), || Note("third")];
                let pair = || Pair { left: Note("left"), right: Note("right") };
                assert_eq!(pair().left.0, "left");
                let mut all = Vec::new();
                let mut case = |name, case: &dyn Fn()| {
                    DROPPED.take();
                    case();
                    all.push((name, DROPPED.take()));
                };
                let run = |future: Pin<Box<dyn Future<Output = ()>>>| {
                    async_tree(|| future);
                };
                case("changed", &|| changed(first(), second(), third()).unwrap());
                case("guard_first", &|| guard_first(first(), second(), third()).unwrap());
                case("borrowed", &|| assert!(borrowed(first(), &1).is_ok()));
                case("later", &|| run(Box::pin(async { later(first(), second(), third()).await.unwrap() })));
                case("never polled", &|| drop(later(first(), second(), third())));
                case("boxed", &|| run(boxed(first(), second())));
                case("opaque", &|| run(Box::pin(opaque(first(), second()))));
                case("committed", &|| first().committed(second()).unwrap());
                case("committed_to", &|| assert!(first().committed_to(&1).is_ok()));
                case("replaced", &|| assert!(pair().replaced(first()).is_ok()));
                case("half", &|| assert!(pair().half(first(), second()).is_ok()));
                case("half_later", &|| run(Box::pin(pair().half_later(first()))));
                all
            }
        }
    };
}

functions!(plain);
functions!(annotated, auto_instrument);

#[test]
fn is_that_of_the_plain_function() {
    let plain = plain::dropped();
    assert_eq!(annotated::dropped(), plain);
    assert!(
        plain.contains(&("committed_to", vec!["committed"]))
            && plain.contains(&("changed", vec!["second", "third", "second", "changed"]))
    );
}
