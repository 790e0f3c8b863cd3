//! The targets of a build, and the flags of their code.

use crate::project::{Arguments, Config, Toolchain};
use crate::runtime::TargetFlags;

/// The targets of a build.
pub(super) struct Targets {
    pub(super) names: Vec<String>,
    /// `true` if the user named them. Otherwise it is the host.
    pub(super) are_named: bool,
    pub(super) flags: TargetFlags,
}

impl Targets {
    pub(super) fn of(arguments: &Arguments, config: &Config, toolchain: &Toolchain) -> Self {
        let mut names = arguments.values("--target");
        if names.is_empty() {
            names = config.targets();
        }
        let are_named = !names.is_empty();
        if !are_named {
            names.push(toolchain.host.clone());
        }
        let mut flags = TargetFlags::default();
        for name in &mut names {
            // Cargo's name for the host.
            if name == "host-tuple" {
                name.clone_from(&toolchain.host);
            }
            flags.add(name, &config.flags("rustflags", name));
        }
        Self { names, are_named, flags }
    }
}
