//! The crates of a build with the default features.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::process::Command;

/// The names and versions of the crates of which `otel-actix` is built.
fn crates(features: &[&str]) -> BTreeSet<String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../otel-actix/Cargo.toml");
    let mut tree = Command::new(env!("CARGO"));
    tree.args(["tree", "--offline", "--locked", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
    tree.args(["--manifest-path", manifest]).args(features);
    let output = tree.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    // The rest of a line is a path, or marks a macro.
    lines.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_default_build_is_light() {
    let (ours, without) = (crates(&[]), crates(&["--no-default-features"]));
    // Some 110 of these belong to actix-web without its default features. A new one needs a good reason.
    assert!(ours.len() <= 156, "{}: {ours:#?}", ours.len());
    assert!(without.len() <= 141, "{}: {without:#?}", without.len());
}

/// A second provider of cryptography in a build breaks applications that use rustls; C code needs a compiler.
#[test]
fn a_default_build_has_no_cryptography_and_compiles_no_c() {
    for name in ["rustls", "ring", "aws-lc-rs", "aws-lc-sys", "openssl", "native-tls", "cc", "cmake", "bindgen"] {
        let found: Vec<_> = crates(&[]).into_iter().filter(|one| one.split(' ').next() == Some(name)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
    assert!(crates(&["--features", "tls-ring"]).iter().any(|one| one.starts_with("ring ")), "the test can fail");
}

#[test]
fn each_feature_of_tls_brings_its_provider_only() {
    for (feature, other) in [("tls-ring", "aws-lc-rs "), ("tls-aws-lc", "ring ")] {
        let features = format!("otlp-grpc,{feature}");
        let crates = crates(&["--features", &features]);
        assert!(!crates.iter().any(|one| one.starts_with(other)), "{feature}: {crates:?}");
    }
}
