//! The tables of `docs/features.md` have the numbers of crates that `features` counts.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

const DOCUMENT: &str = include_str!("../../../docs/features.md");

/// The first two cells of a row.
fn name_and_crates(row: &str) -> Option<(&str, &str)> {
    let mut cells = row.strip_prefix("| ")?.split(" | ");
    Some((cells.next()?, cells.next()?))
}

#[test]
fn the_numbers_of_crates_are_those_of_the_document() {
    let output = Command::new(env!("CARGO_BIN_EXE_features")).arg("crates").output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    let rows: Vec<_> = printed.lines().filter_map(name_and_crates).collect();
    assert!(rows.len() > 20, "{printed}");
    for row in rows {
        assert!(
            DOCUMENT.lines().filter_map(name_and_crates).any(|documented| documented == row),
            "{row:?} in:\n{printed}"
        );
    }
}
