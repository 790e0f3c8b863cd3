//! Nothing is here but `tests/ui.rs`.
