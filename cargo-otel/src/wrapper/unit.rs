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
        let is_source = |part: &String| Path::new(part).extension().is_some_and(|extension| extension == "rs");
        let is_root = |part: &String| is_source(part) && below(&folder, part).is_some();
        let root = command.iter().position(is_root);
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
        below(&self.folder, self.command.get(self.root?)?)
    }

    /// The folder of the package as paths in the compiler's messages name it: relative to the folder of the workspace,
    /// absolute for a package outside of that.
    pub(super) fn shown_folder(&self) -> PathBuf {
        let root = self.root.and_then(|root| self.command.get(root)).map(Path::new);
        let depth = self.root_in_package().map(|below| below.components().count());
        let shown = root.zip(depth).and_then(|(root, depth)| root.ancestors().nth(depth));
        shown.unwrap_or(&self.folder).to_owned()
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
        let below = self.root_in_package()?;
        let mut command = self.command.clone();
        folder.join(below).to_str()?.clone_into(command.get_mut(self.root?)?);
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

/// The path of a file below a folder. Cargo names the folder as the user does, perhaps through a link, but relative files
/// start in the real folder of the workspace.
fn below(folder: &Path, file: &str) -> Option<PathBuf> {
    let file = env::current_dir().ok()?.join(file);
    if let Ok(below) = file.strip_prefix(folder) {
        return Some(below.to_owned());
    }
    let real = folder.canonicalize().ok()?;
    let same = file.ancestors().find(|ancestor| ancestor.canonicalize().is_ok_and(|ancestor| ancestor == real))?;
    file.strip_prefix(same).map(Path::to_owned).ok()
}
