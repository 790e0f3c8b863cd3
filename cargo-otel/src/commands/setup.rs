//! `cargo otel setup`: the runtime, ahead of time.

use std::env;

use anyhow::Result;

use crate::output;
use crate::project::{Arguments, Config, Toolchain};
use crate::runtime::{self, Cache};

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let toolchain = Toolchain::find(&Config::of(&env::current_dir()?))?;
    let cache = Cache::of_toolchain(&runtime::default_folder()?, &toolchain.id);
    let mut targets = arguments.values("--target");
    if targets.is_empty() {
        targets.push(toolchain.host.clone());
    }
    for target in targets {
        let runtime = runtime::ensure(&cache, Some(&toolchain.rustc), &target)?;
        output::status("Ready", format_args!("{}", runtime.folder().display()));
    }
    Ok(())
}
