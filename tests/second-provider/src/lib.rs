//! The test of this package is the application.
