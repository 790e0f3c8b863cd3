//! HTTP requests by `reqwest`. The same code serves both of its versions: they are different crates to the compiler.

#[cfg(feature = "reqwest-0_12")]
pub mod reqwest_0_12;

#[cfg(feature = "reqwest-0_13")]
#[cfg_attr(feature = "reqwest-0_12", expect(clippy::duplicate_mod, reason = "one source for two versions of a crate"))]
pub mod reqwest_0_13;
