//! `OTEL_MACROS_DEBUG=1` through a real compilation.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs,
    path::PathBuf,
    process::Command,
};

const SOURCE: &str = "#[otel_macros::auto_instrument]\nfn charge(amount: u32) -> u32 { amount + 1 }\n";

/// The macro that was built for this test: the newest one next to its executable.
fn built_macro() -> PathBuf {
    let executable = std::env::current_exe().unwrap();
    let prefix = format!("{DLL_PREFIX}otel_macros-");
    let files = fs::read_dir(executable.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
    let macros = files.filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with(&prefix) && name.ends_with(DLL_SUFFIX)
    });
    macros.max_by_key(|path| fs::metadata(path).unwrap().modified().unwrap()).unwrap()
}

/// The output of the compiler. It also complains that `otel_actix` is missing, which does not matter here.
fn compiler_says(value: Option<&str>) -> String {
    let name = format!("otel-macros-debug-{}-{}", std::process::id(), value.unwrap_or("unset"));
    let folder = std::env::temp_dir().join(name);
    fs::create_dir_all(&folder).unwrap();
    let source = folder.join("lib.rs");
    fs::write(&source, SOURCE).unwrap();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.args(["--edition=2024", "--crate-type=lib", "--emit=metadata", "--out-dir"]).arg(&folder).arg(&source);
    rustc.arg("--extern").arg(format!("otel_macros={}", built_macro().display())).env_remove("OTEL_MACROS_DEBUG");
    if let Some(value) = value {
        rustc.env("OTEL_MACROS_DEBUG", value);
    }
    let output = rustc.output().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn expansions_are_printed_on_request() {
    let printed = compiler_says(Some("1"));
    assert!(printed.contains("// #[auto_instrument] expands to:\n"), "{printed}");
    assert!(printed.contains("\"charge\""), "{printed}");
}

#[test]
fn and_only_then() {
    for value in [None, Some("0")] {
        let printed = compiler_says(value);
        assert!(!printed.contains("expands to") && printed.contains("otel_actix"), "{printed}");
    }
}
