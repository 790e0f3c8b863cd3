//! The tests of this package are the application.
