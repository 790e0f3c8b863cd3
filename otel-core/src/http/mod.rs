//! The HTTP semantic conventions on plain types.

pub mod settings;
