//! Framework-independent half of `otel-actix`.

pub mod carry;
pub mod code;
pub mod config;
pub mod diagnostics;
pub mod exporter;
pub mod function;
pub mod http;
#[cfg(test)]
mod noise;
pub mod propagation;
pub mod resource;
pub mod startup;
#[cfg(feature = "testing")]
pub mod testing;
