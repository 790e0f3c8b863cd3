//! Builds and runs both services, sends them requests, and prints each trace as a tree.

use std::path::Path;
use std::process::Command;
use std::{env, io};

use shop::Shop;

fn main() -> io::Result<()> {
    let bin = env::current_exe()?;
    build_services(&bin)?;
    let shop = Shop::start(&bin.with_file_name("front"), &bin.with_file_name("back"))?;
    for order in ["/orders/1", "/orders/2", "/orders/3"] {
        let (answer, trace) = shop.send(order)?;
        println!("{order}: {answer}\n{}", shop.tree(&trace, 4)?);
    }
    Ok(())
}

/// Builds the services beside this program: `cargo run` builds this program alone.
fn build_services(this: &Path) -> io::Result<()> {
    let folder = this.parent().unwrap_or(this);
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args(["build", "--quiet", "--bin", "front", "--bin", "back"]);
    build.args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    build.arg("--target-dir").arg(folder.parent().unwrap_or(folder));
    if let Some(profile) = folder.file_name().filter(|name| *name != "debug") {
        build.arg("--profile").arg(profile);
    }
    if build.status()?.success() { Ok(()) } else { Err(io::Error::other("the services do not compile")) }
}
