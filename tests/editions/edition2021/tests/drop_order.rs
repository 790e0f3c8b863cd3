//! The edition of the crate with the body decides when values are dropped: up to 2021, temporaries of the last
//! expression outlive the local variables.

#![deny(warnings)]

use std::cell::RefCell;

use otel_actix::auto_instrument;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Records when it is dropped.
pub struct Noisy(&'static str);

impl Noisy {
    fn name(&self) -> &'static str {
        self.0
    }

    fn checked(&self) -> Result<&'static str, String> {
        Ok(self.0)
    }

    fn run(&self) {}
}

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with(|dropped| dropped.borrow_mut().push(self.0));
    }
}

fn dropped<R>(code: impl FnOnce() -> R) -> Vec<&'static str> {
    let _ = code();
    DROPPED.with(|dropped| dropped.take())
}

/// A runtime without input and output.
fn block_on<F: std::future::Future>(future: F) -> F::Output {
    match Box::pin(future).as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop())) {
        std::task::Poll::Ready(output) => output,
        std::task::Poll::Pending => unreachable!(),
    }
}

macro_rules! functions {
    ($(#[$attribute:meta])?) => {
        $(#[$attribute])?
        pub fn plain() -> &'static str {
            let _local = Noisy("local");
            Noisy("temporary").name()
        }

        $(#[$attribute])?
        pub fn result() -> Result<&'static str, String> {
            let _local = Noisy("local");
            Noisy("temporary").checked()
        }

        $(#[$attribute])?
        pub async fn asynchronous() -> &'static str {
            let _local = Noisy("local");
            Noisy("temporary").name()
        }

        $(#[$attribute])?
        pub async fn parameters(a: Noisy, b: Noisy, _c: Noisy, _: Noisy) -> usize {
            b.name().len() + a.name().len()
        }

        $(#[$attribute])?
        pub fn unit() {
            let _local = Noisy("local");
            Noisy("temporary").run()
        }
    };
}

mod by_hand {
    use super::*;

    functions! {}
}

mod instrumented {
    use super::*;

    functions! { #[auto_instrument] }
}

#[test]
fn temporaries_are_dropped_as_without_the_attribute() {
    assert_eq!(dropped(by_hand::plain), ["local", "temporary"]);
    assert_eq!(dropped(instrumented::plain), dropped(by_hand::plain));
    assert_eq!(dropped(instrumented::unit), dropped(by_hand::unit));
    assert_eq!(dropped(instrumented::result), dropped(by_hand::result));
    assert_eq!(dropped(|| block_on(instrumented::asynchronous())), dropped(|| block_on(by_hand::asynchronous())));
}

#[test]
fn parameters_are_dropped_as_without_the_attribute() {
    let named = || (Noisy("a"), Noisy("b"), Noisy("c"));
    let call = |(a, b, c)| block_on(by_hand::parameters(a, b, c, Noisy("unnamed")));
    assert_eq!(dropped(|| call(named())), ["unnamed", "c", "b", "a"]);
    // The body cannot take a parameter without a name along.
    let call = |(a, b, c)| block_on(instrumented::parameters(a, b, c, Noisy("unnamed")));
    assert_eq!(dropped(|| call(named())), ["c", "b", "a", "unnamed"]);
}

/// A stand-in for `otel_actix`, with a guard that records when it is dropped.
pub mod telemetry {
    #[doc(hidden)]
    pub mod __private {
        pub struct Start {
            pub service_name: Option<&'static str>,
        }

        pub fn start(start: Start) -> super::super::Noisy {
            assert!(start.service_name.is_none());
            super::super::Noisy("telemetry")
        }
    }
}

mod program {
    use super::Noisy;

    #[otel_actix::auto_instrument(app = false, crate = crate::telemetry)]
    pub fn main() {
        let _local = Noisy("local");
        Noisy("runtime").run()
    }
}

/// A runtime's own attribute leaves `Runtime::new().block_on(..)`.
#[test]
fn telemetry_outlives_the_runtime() {
    assert_eq!(dropped(program::main), ["local", "runtime", "telemetry"]);
}

/// Programs that end in their own way: nothing is reported as unreachable.
#[allow(dead_code)]
mod programs {
    pub mod exits {
        #[otel_actix::auto_instrument(app = false, crate = crate::telemetry)]
        pub fn main() {
            std::process::exit(1)
        }
    }

    pub mod never {
        #[otel_actix::auto_instrument(app = false, crate = crate::telemetry)]
        pub fn main() -> ! {
            std::process::exit(1)
        }
    }

    pub mod terminates {
        #[otel_actix::auto_instrument(app = false, crate = crate::telemetry)]
        pub fn main() -> impl std::process::Termination {
            std::process::ExitCode::SUCCESS
        }
    }

    pub mod coerces {
        #[otel_actix::auto_instrument(app = false, crate = crate::telemetry)]
        pub fn main() -> Result<(), Box<dyn std::error::Error>> {
            Err(Box::new(std::fmt::Error))
        }
    }
}
