//! What the compiler says about mistakes. `TRYBUILD=overwrite cargo test -p ui-tests` writes the
//! expected texts; they hold for the pinned toolchain.
//!
//! What must compile is compiled and run by the `functions` tests of the package `workspace-tests`, and both orders of the
//! attributes on `main` by `main_above` and `main_below`.

#[test]
fn errors_say_what_to_do() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/fail/*.rs");
}
