//! The same in edition 2018.

#[path = "../../edition2021/tests/drop_order.rs"]
mod drop_order;
pub use drop_order::telemetry;
