//! The program that runs the services.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// Stands in for cargo: "builds" the programs by links to the ones of this test run.
const CARGO: &str = r#"#!/bin/sh
set -eu
[ "$1 $2 $3 $4 $5 $6" = "build --quiet --bin front --bin back" ]
while [ "$1" != --target-dir ]; do shift; done
ln -s "$FRONT" "$2/debug/front"
ln -s "$BACK" "$2/debug/back"
"#;

/// As after `cargo run` in a fresh clone, which builds this program alone.
#[test]
fn services_that_are_not_there_are_built() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("services");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("debug")).unwrap();
    let (program, cargo) = (folder.join("debug/shop"), folder.join("cargo"));
    fs::copy(env!("CARGO_BIN_EXE_shop"), &program).unwrap();
    fs::write(&cargo, CARGO).unwrap();
    fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
    let mut shop = Command::new(program);
    shop.env("CARGO", cargo).env("FRONT", env!("CARGO_BIN_EXE_front")).env("BACK", env!("CARGO_BIN_EXE_back"));
    let output = shop.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.starts_with("/orders/1: cup, plate\nclient\n  front SERVER GET /orders/{id}\n"), "{printed}");
    assert_eq!(printed.matches("back CLIENT SELECT items").count(), 3, "{printed}");
}
