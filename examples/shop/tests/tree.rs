//! Each request is one trace through both services and the database.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use shop::Shop;

fn start() -> Shop {
    Shop::start(Path::new(env!("CARGO_BIN_EXE_front")), Path::new(env!("CARGO_BIN_EXE_back"))).unwrap()
}

const TREE: &str = "\
client
  front SERVER GET /orders/{id}
    front CLIENT GET
      back SERVER GET /items/{order}
        back CLIENT SELECT items
";

#[test]
fn a_trace_goes_through_both_services_to_the_query() {
    check_trace(&start());
}

/// The services of `examples/shop-uninstrumented`, whose sources contain no telemetry.
#[test]
#[ignore = "builds the runtime of cargo-otel, which takes minutes the first time"]
fn cargo_otel_gives_the_same_trace() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("shop-uninstrumented");
    let mut build = Command::new(env::var_os("CARGO").unwrap());
    // Variables of this package's build would make build scripts out of date.
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_PKG_")) {
        build.env_remove(name);
    }
    build.args(["run", "--quiet", "--package", "cargo-otel", "--manifest-path"]).arg(examples.join("../Cargo.toml"));
    build.args(["--", "otel", "--strict", "build", "--locked", "--manifest-path"]);
    build.arg(examples.join("shop-uninstrumented/Cargo.toml")).arg("--target-dir").arg(&target);
    assert!(build.status().unwrap().success());
    let programs = target.join("otel/debug");
    check_trace(&Shop::start(&programs.join("front"), &programs.join("back")).unwrap());
}

fn check_trace(shop: &Shop) {
    let (answer, trace) = shop.send("/orders/1").unwrap();
    assert_eq!(answer, "cup, plate");
    assert_eq!(shop.tree(&trace, 4).unwrap(), TREE);
    let spans = shop.spans(&trace, 4).unwrap();
    let query = spans.iter().find(|span| span.name == "SELECT items").unwrap();
    assert_eq!(
        query.attributes,
        serde_json::json!({
            "db.system.name": "sqlite",
            "db.query.summary": "SELECT items",
            "db.query.text": "SELECT name FROM items WHERE order_id = ? AND name <> ?",
        })
    );
}

#[test]
fn a_hundred_concurrent_traces_stay_apart() {
    let shop = start();
    std::thread::scope(|scope| {
        let requests: Vec<_> = (0..100).map(|_| scope.spawn(|| shop.send("/orders/2").unwrap())).collect();
        for request in requests {
            let (answer, trace) = request.join().unwrap();
            assert_eq!(answer, "spoon");
            assert_eq!(shop.tree(&trace, 4).unwrap(), TREE);
        }
    });
}
