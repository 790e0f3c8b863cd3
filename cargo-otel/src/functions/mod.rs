//! `--functions`: functions of the application get spans, by `#[auto_instrument]` in a copy of their crate.
//!
//! | module | one idea |
//! |---|---|
//! | `pattern` | the paths of the functions |
//! | `source` | the attribute in the text of one file |
//! | `shadow` | the copy of a crate |

mod pattern;
mod shadow;
mod source;

pub(crate) use pattern::Patterns;
pub(crate) use shadow::{Crate, select, write};
