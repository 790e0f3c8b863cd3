//! `cargo otel setup`: the runtime, ahead of time.

use std::env;

use anyhow::Result;

use super::preparation::network;
use super::targets::Targets;
use crate::output;
use crate::project::{Arguments, Config, Toolchain};
use crate::runtime::{self, Cache};

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let config = Config::of(&env::current_dir()?, &arguments.values("--config"));
    let toolchain = Toolchain::find(&config)?;
    let network = network(arguments, &config);
    let targets = Targets::of(arguments, &config, &toolchain);
    let cache = Cache::of_toolchain(&runtime::default_folder()?, &toolchain.id, targets.flags);
    for target in targets.names {
        let runtime = runtime::ensure(&cache, Some(&toolchain.rustc), &target, &network)?;
        output::status("Ready", format_args!("{}", runtime.folder().display()));
    }
    Ok(())
}
