//! The target folder of an instrumented build.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Result, bail};
use tempfile::TempDir;
use toml::Value;

use crate::project::{Arguments, Config, Project};

/// Cargo's setting of a folder for intermediate files, apart from the target folder.
const BUILD_FOLDER: [&str; 2] = ["build", "build-dir"];

/// A target folder of its own: woven crates must not be mixed with others.
#[derive(Debug)]
pub(super) struct Folders {
    pub(super) target: PathBuf,
    /// Holds the target folder of `cargo otel install`, which is removed at the end.
    temporary: Option<TempDir>,
    /// `true` if the user has a folder for intermediate files.
    has_build_folder: bool,
    /// `true` if an option of the user is stronger than a variable.
    needs_option: bool,
}

impl Folders {
    /// The folder beside the results of plain builds; without a project, which `cargo otel install` needs not, the user's
    /// choice or a temporary folder.
    ///
    /// # Errors
    ///
    /// If the folder's name cannot be a value of `build.build-dir`, and the user's own value has to be replaced.
    pub(super) fn of(project: Option<&Project>, arguments: &Arguments, config: &Config) -> Result<Self> {
        let (target, temporary) = match project {
            Some(project) => (project.target_folder.join("otel"), None),
            None => install_folder(arguments)?,
        };
        let has_build_folder = config.has(&BUILD_FOLDER);
        // Cargo takes braces for variables there, and has no other spelling for them.
        if has_build_folder && target.to_string_lossy().contains(['{', '}']) {
            bail!("cargo cannot use {} beside `build.build-dir`: it has braces", target.display());
        }
        Ok(Self { target, temporary, has_build_folder, needs_option: config.has_option(&BUILD_FOLDER) })
    }

    /// Keeps a temporary folder. Cargo names it when it cannot install a program.
    pub(super) fn keep(&mut self) {
        self.temporary.take().map(TempDir::keep);
    }

    /// The variables by which cargo uses the folder.
    pub(super) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let mut variables = vec![("CARGO_TARGET_DIR", self.target.clone().into())];
        // A build script may call cargo with a target folder of its own, and would wait for this build in a common folder.
        if self.has_build_folder {
            variables.push(("CARGO_BUILD_BUILD_DIR", self.target.clone().into()));
        }
        variables
    }

    /// The arguments with an option more where a variable is not enough.
    pub(super) fn add_option(&self, arguments: Arguments) -> Arguments {
        if !self.needs_option {
            return arguments;
        }
        let folder = Value::from(self.target.to_string_lossy().into_owned());
        arguments.with_config(&format!("{}={folder}", BUILD_FOLDER.join(".")))
    }
}

/// The target folder of `cargo otel install`: the user's choice, else a temporary one and its owner, as cargo has it.
fn install_folder(arguments: &Arguments) -> Result<(PathBuf, Option<TempDir>)> {
    let of_variable = env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    let of_user = match arguments.folder("--target-dir")? {
        None => of_variable.map(std::path::absolute).transpose()?,
        of_option => of_option,
    };
    if let Some(folder) = of_user {
        return Ok((folder.join("otel"), None));
    }
    let temporary = tempfile::Builder::new().prefix("cargo-otel").tempdir()?;
    Ok((temporary.path().join("otel"), Some(temporary)))
}
