//! Every shape of function that Rust code has, instrumented, run, and its spans compared.
//!
//! The strictest lints apply: the generated code must not make the build of a careful crate fail, and must not switch
//! off a lint that the user wants.
//!
//! Faults of other macros of this kind, and the tests that exclude them here:
//!
//! | fault | test |
//! |---|---|
//! | fastrace drops statements before `Box::pin(async move ..)` | `futures::ret_box_pin` |
//! | fastrace prints `unsafe async fn` | `async_unsafe` in `editions/edition2021` |
//! | auto-span rewrites `?`, and misses an `Err` without one | `asynchronous::{async_question_mark, tail_err}` |
//! | auto-span parses all files, for each use | `source::tests::a_file_is_read_once` in `otel-macros` |
//! | otel-instrument copies the function, illegal in trait impls | `traits::async_fn_in_trait` |
//! | hotpath's `main` loses the function's other attributes | golden `main_actix` in `otel-macros` |
//! | tracing awaits in two branches | `asynchronous::{body_once, deep_nesting}` |
//! | tracing replaces a `const fn` by the error | `const_fn` of `ui-tests` |
//! | tracing breaks `#[cfg]` on parameters (#3320) | `signatures::cfg_param` |
//! | tracing breaks `-> !` | `synchronous::ret_never`, `asynchronous::async_never` |
//! | tracing: glob shadows a name of the expansion (#3306) | `bodies::glob_shadows_return` |
//! | tracing: `unused_braces` (#1831), inner attributes (#2294) | `bodies::{single_expr_block, inner_attributes}` |
//! | tracing: `dead_code` does not fire (#1366) | `unused_fn` of `ui-tests` |
//! | tracing: closures taken for `FnMut` (#2857) | `synchronous::mut_ref_return` |
//! | autometrics recognises `async_trait` by a regular expression | `async_trait_above` in `functions.rs` |

#![forbid(unsafe_code, unreachable_code)]
#![deny(warnings, clippy::all, clippy::pedantic, clippy::nursery, clippy::shadow_same)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]
// Lints about the cases, which are small on purpose; none is about generated code.
#![allow(
    clippy::missing_const_for_fn,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    clippy::future_not_send,
    unreachable_pub,
    clippy::boxed_local,
    clippy::redundant_pub_crate,
    clippy::unused_self
)]

mod apps;
mod arguments;
mod asynchronous;
mod bodies;
mod carrying;
mod containers;
mod drop_order;
mod futures;
mod handlers;
mod hygiene;
mod left_alone;
mod lookalikes;
mod moving;
mod names_in_scope;
mod one_line;
mod outcome;
mod signatures;
mod spawning;
mod synchronous;
mod traits;
mod tree;
