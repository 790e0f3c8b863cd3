//! What the compiler says about mistakes. `TRYBUILD=overwrite cargo test -p workspace-tests --test ui` writes the
//! expected texts; they hold for the pinned toolchain.
//!
//! What must compile is compiled and run in `shapes`, `functions` and `functions_main`.

#[test]
fn errors_say_what_to_do() {
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}
