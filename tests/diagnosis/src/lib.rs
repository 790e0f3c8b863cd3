//! Nothing is here but `tests/diagnosis.rs`.
