//! What the compiler says about mistakes. `TRYBUILD=overwrite cargo test -p ui-tests` writes the
//! expected texts; they hold for the pinned toolchain.
//!
//! What must compile is compiled and run by the `functions` tests of the package `workspace-tests`.

#[test]
fn errors_say_what_to_do() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/fail/*.rs");
    // Both orders of the attributes on `main`, built and run.
    cases.pass("tests/pass/*.rs");
}
