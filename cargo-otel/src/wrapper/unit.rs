//! A call of the compiler by cargo.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::recipe::Recipe;

/// A library that cargo compiles.
#[derive(Debug)]
pub(super) struct Unit {
    /// The compiler, behind cargo's workspace wrapper if there is one, and its arguments.
    pub(super) command: Vec<String>,
    pub(super) package: String,
    pub(super) version: Version,
    /// The package's folder.
    pub(super) folder: PathBuf,
    pub(super) target: Option<String>,
    is_library: bool,
    /// The position of the crate's root among the arguments.
    root: Option<usize>,
}

impl Unit {
    /// `None` for a call that compiles no crate of cargo: queries about the compiler, and tests of build scripts. These
    /// calls have cargo's variables in their environment, but not this crate's.
    pub(super) fn of(command: &[OsString]) -> Option<Self> {
        let command: Vec<String> =
            command.iter().map(|part| part.to_str().map(str::to_owned)).collect::<Option<_>>()?;
        let name = after(&command, "--crate-name")?;
        if env::var("CARGO_CRATE_NAME").ok()? != name || env::var_os("CARGO_CFG_TARGET_OS").is_some() {
            return None;
        }
        let package = env::var("CARGO_PKG_NAME").ok()?;
        let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let here = env::current_dir().ok()?;
        let is_root = |part: &&String| {
            Path::new(part).extension().is_some_and(|extension| extension == "rs")
                && here.join(part).starts_with(&folder)
        };
        let root = command.iter().position(|part| is_root(&part));
        let is_library = name == package.replace('-', "_")
            && !command.iter().any(|part| part == "--test")
            && after(&command, "--crate-type").is_some_and(|kind| matches!(kind, "lib" | "rlib"));
        let target = after(&command, "--target").map(str::to_owned);
        let version = env::var("CARGO_PKG_VERSION").ok()?.parse().ok()?;
        Some(Self { command, package, version, folder, target, is_library, root })
    }

    /// The recipe for the crate, if there is one.
    pub(super) fn recipe(&self) -> Option<&'static Recipe> {
        // Most calls compile no library: they need not parse the recipes.
        if self.is_library { Recipe::of(&self.package) } else { None }
    }

    /// Returns `true` if the crate may be one of the project: not a script or a macro, and nothing that cargo fetched,
    /// which it marks by files of its own.
    pub(super) fn is_of_project(&self) -> bool {
        let is_of_build = after(&self.command, "--crate-name").is_some_and(|name| name.starts_with("build_script_"))
            || after(&self.command, "--crate-type") == Some("proc-macro");
        let is_fetched = self.folder.join(".cargo-checksum.json").exists()
            || self.folder.ancestors().any(|folder| folder.join(".cargo-ok").exists());
        self.root.is_some() && !is_of_build && !is_fetched
    }

    /// The name of the crate.
    pub(super) fn crate_name(&self) -> &str {
        after(&self.command, "--crate-name").unwrap_or_default()
    }

    /// The first file of the crate, relative to the package.
    pub(super) fn root_in_package(&self) -> Option<PathBuf> {
        let root = env::current_dir().ok()?.join(self.command.get(self.root?)?);
        root.strip_prefix(&self.folder).map(Path::to_owned).ok()
    }

    /// The folder of the package as paths in the compiler's messages name it: relative to the folder of the workspace,
    /// absolute for a package outside of that.
    pub(super) fn shown_folder(&self) -> PathBuf {
        if self.root.and_then(|root| self.command.get(root)).is_some_and(|root| Path::new(root).is_absolute()) {
            return self.folder.clone();
        }
        let here = env::current_dir().unwrap_or_default();
        self.folder.strip_prefix(here).unwrap_or(&self.folder).to_owned()
    }

    /// Features that are on.
    pub(super) fn features(&self) -> BTreeSet<String> {
        let cfgs = self.command.windows(2).filter(|pair| matches!(pair, [flag, _] if flag == "--cfg"));
        let names = cfgs.filter_map(|pair| pair.last()?.strip_prefix("feature=\"")?.strip_suffix('"'));
        names.map(str::to_owned).collect()
    }

    /// Identifies the unit among all units of this build.
    pub(super) fn id(&self) -> String {
        let hash = self.command.iter().find_map(|part| part.strip_prefix("extra-filename="));
        format!("{}-{}{}", self.package, self.version, hash.unwrap_or_default())
    }

    /// The command with the root of the crate in another folder.
    pub(super) fn moved_to(&self, folder: &Path) -> Option<Vec<String>> {
        let here = env::current_dir().ok()?;
        let mut command = self.command.clone();
        let root = command.get_mut(self.root?)?;
        let below = here.join(&*root).strip_prefix(&self.folder).ok()?.to_owned();
        folder.join(below).to_str()?.clone_into(root);
        Some(command)
    }

    /// The command with another file as the root of the crate.
    pub(super) fn with_root(&self, file: &Path) -> Option<Vec<String>> {
        let mut command = self.command.clone();
        file.to_str()?.clone_into(command.get_mut(self.root?)?);
        Some(command)
    }

    /// The file in which the compiler lists the files that it read.
    pub(super) fn dep_info(&self) -> Option<PathBuf> {
        let hash = self.command.iter().find_map(|part| part.strip_prefix("extra-filename="));
        let name = after(&self.command, "--crate-name")?;
        Some(Path::new(after(&self.command, "--out-dir")?).join(format!("{name}{}.d", hash.unwrap_or_default())))
    }
}

fn after<'a>(command: &'a [String], flag: &str) -> Option<&'a str> {
    let at = command.iter().position(|part| part == flag)?;
    command.get(at + 1).map(String::as_str)
}
