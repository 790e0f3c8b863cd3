//! The size of the futures of annotated functions.

use std::future::Future;

type Kilobyte = [u8; 1024];

/// Six functions that pass their argument on, each with the attribute.
macro_rules! nested {
    ($module:ident $(, #[$attribute:meta])?) => {
        mod $module {
            use super::{Kilobyte, wait};

            nested!(@function (wait, a, b, c, d, e, f) $(#[$attribute])?);
        }
    };
    (@function ($called:ident, $name:ident $(, $more:ident)*) $(#[$attribute:meta])?) => {
        $(#[$attribute])?
        pub(super) async fn $name(argument: Kilobyte) -> u8 {
            $called(argument).await
        }

        nested!(@function ($name $(, $more)*) $(#[$attribute])?);
    };
    (@function ($called:ident) $(#[$attribute:meta])?) => {};
}

#[allow(clippy::large_types_passed_by_value, reason = "the size of the future is the subject")]
async fn wait(argument: Kilobyte) -> u8 {
    tokio::task::yield_now().await;
    argument[0]
}

nested!(plain);
nested!(ours, #[otel_actix::auto_instrument]);
nested!(tracings, #[tracing::instrument(skip_all)]);

fn size<F: Future>(_: impl FnOnce(Kilobyte) -> F) -> usize {
    size_of::<F>()
}

/// `docs/cost.md` says why the arguments are there twice. An argument that is stored once more, or a larger span, fails here.
#[test]
fn a_level_adds_its_arguments_once_more_and_the_span() {
    let (plain, ours, tracings) = (size(plain::f), size(ours::f), size(tracings::f));
    let added = ours - plain;
    assert!(added <= 6 * (size_of::<Kilobyte>() + 96), "plain {plain}, ours {ours}");
    assert!(ours <= tracings, "ours {ours}, tracing {tracings}");
}
