//! Facts of the user's project, from cargo.

mod arguments;
mod config;
mod home;
mod network;
mod packages;
mod runner;
mod selection;
mod settings;
mod sources;
mod toolchain;

use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

pub(crate) use arguments::Arguments;
pub(crate) use config::Config;
pub(crate) use home::{absolute_home, cargo_home};
pub(crate) use network::Network;
pub(crate) use packages::{Package, packages};
pub(crate) use sources::{AllSources, Sources};
pub(crate) use toolchain::{TooOld, Toolchain};

/// A package or a workspace.
#[derive(Debug)]
pub(crate) struct Project {
    /// The user's target folder.
    pub(crate) target_folder: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

impl Project {
    /// The project that cargo finds with these arguments. Nothing is resolved and nothing is written.
    pub(crate) fn find(arguments: &Arguments) -> Result<Self> {
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]).stderr(Stdio::inherit());
        command.args(arguments.values("--manifest-path").iter().flat_map(|value| ["--manifest-path", value]));
        for value in arguments.values("--config") {
            // A file may be named relative to the current folder.
            let file = std::path::absolute(&value).ok().filter(|file| file.exists());
            command.arg("--config").arg(file.unwrap_or_else(|| value.into()));
        }
        // `cargo install --path` reads the configuration of that folder.
        if let Some(folder) = arguments.folder("--path")? {
            if !folder.is_dir() {
                bail!("--path: there is no folder {}", folder.display());
            }
            command.current_dir(folder);
        }
        let output = command.output().context("cargo cannot be called")?;
        if !output.status.success() {
            bail!("cargo finds no project; its message is above");
        }
        let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
        let target_folder = arguments.folder("--target-dir")?.unwrap_or(metadata.target_directory);
        Ok(Self { target_folder })
    }
}

/// The cargo that called this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
