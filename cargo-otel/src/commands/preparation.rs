//! The environment of an instrumented build.

use std::env;
use std::ffi::OsString;

use anyhow::{Context as _, Result, bail};

use super::folders::Folders;
use super::targets::Targets;
use super::{build_folder, shell};
use crate::functions::Patterns;
use crate::output;
use crate::project::{Arguments, Config, LockedPackage, Project, Toolchain, absolute_home};
use crate::recipe::Recipe;
use crate::runtime::{self, Cache};
use crate::state::State;

/// Everything that a build needs.
#[derive(Debug)]
pub(super) struct Preparation {
    /// `None` for `cargo install`, which needs no project.
    pub(super) project: Option<Project>,
    pub(super) toolchain: Toolchain,
    pub(super) state: State,
    /// The targets of the build: the named ones, else the host.
    pub(super) targets: Vec<String>,
    pub(super) folders: Folders,
    rustdoc_flags: Vec<String>,
    /// The packages of the project, as far as cargo has chosen them.
    pub(super) packages: Vec<LockedPackage>,
}

impl Preparation {
    /// Finds project, toolchain and folders. Writes nothing.
    pub(super) fn new(arguments: &Arguments) -> Result<Self> {
        let config = Config::of(&env::current_dir()?, &arguments.values("--config"));
        let toolchain = Toolchain::find(&config)?;
        let is_install = arguments.command() == Some("install");
        let functions = Patterns::parse(arguments.functions.iter().map(String::as_str))?;
        if is_install && !functions.is_empty() {
            bail!("`--functions` does not work with `install`; use `cargo otel build --release`");
        }
        let project = if is_install { None } else { Some(Project::find(arguments)?) };
        let packages = project.as_ref().map(Project::packages).unwrap_or_default();
        let Targets { names: targets, are_named: is_cross, flags } = Targets::of(arguments, &config, &toolchain);
        let cache_folder = runtime::default_folder()?;
        let folders = Folders::of(project.as_ref(), arguments, &config, &cache_folder)?;
        let folder = folders.target.join("cargo-otel");
        let runtimes = usable(
            Cache::of_toolchain(&cache_folder, &toolchain.id, flags.clone()),
            Cache::of_toolchain(&folder.join("cache"), &toolchain.id, flags),
            &targets,
        );
        let state = State {
            folder,
            runtimes,
            host: toolchain.host.clone(),
            is_cross,
            next_wrapper: config.program("rustc-wrapper", "RUSTC_WRAPPER").map(OsString::from),
            is_strict: arguments.is_strict,
            left_alone: left_alone(&packages),
            functions,
            failures: None,
        };
        let rustdoc_flags = targets.first().map(|target| config.flags("rustdocflags", target)).unwrap_or_default();
        Ok(Self { project, toolchain, state, targets, folders, rustdoc_flags, packages })
    }

    /// Reads the lock file again, which cargo writes. Returns `true` if another set of crates is left alone now.
    pub(super) fn update_packages(&mut self) -> bool {
        self.packages = self.project.as_ref().map(Project::packages).unwrap_or_default();
        let left_alone = left_alone(&self.packages);
        let has_changed = left_alone != self.state.left_alone;
        self.state.left_alone = left_alone;
        has_changed
    }

    /// Returns an error if the application is instrumented already: it would have all telemetry twice.
    pub(super) fn refuse_if_instrumented(&self) -> Result<()> {
        if self.packages.iter().any(|package| package.name == "otel-actix") {
            bail!(
                "`otel-actix` is in Cargo.lock: this application is instrumented by `#[auto_instrument]` already. Use \
                 plain `cargo`, or take `otel-actix` out of the manifest"
            );
        }
        Ok(())
    }

    /// Builds the runtimes that are missing, and makes the target folder.
    pub(super) fn build_runtimes(&self) -> Result<()> {
        build_folder::create(&self.folders.target)?;
        for target in &self.targets {
            self.state.runtime(Some(&self.toolchain.rustc), target)?;
        }
        Ok(())
    }

    /// The variables that make cargo's build an instrumented one.
    pub(super) fn variables(&self) -> Result<Vec<(String, OsString)>> {
        let this = env::current_exe().context("this program has no path")?;
        let mut variables: Vec<(String, OsString)> = shell::kept().collect();
        let mut set = |name: &str, value: OsString| variables.push((name.to_owned(), value));
        self.state.variables().into_iter().for_each(|(name, value)| set(name, value));
        set("RUSTC_WRAPPER", this.into());
        self.folders.variables().into_iter().for_each(|(name, value)| set(name, value));
        // Cargo calls the wrapper in the folder of each package.
        absolute_home().into_iter().for_each(|(name, home)| set(name, home.into()));
        // Tests in documentation are linked by rustdoc, which has no wrapper.
        let mut flags = self.rustdoc_flags.clone();
        for folder in self.targets.iter().filter_map(|target| self.state.runtimes.libraries(target)) {
            flags.extend(["-L".to_owned(), format!("dependency={}", folder.display())]);
        }
        // The strongest place for these flags, and the one that allows spaces in them.
        set("CARGO_ENCODED_RUSTDOCFLAGS", flags.join("\x1f").into());
        Ok(variables)
    }

    /// Prints what is instrumented, in one line. An application without a server is an error with `--strict`.
    pub(super) fn announce(&self, is_quiet: bool) -> Result<()> {
        let packages = &self.packages;
        if packages.is_empty() {
            // Cargo has not chosen them yet.
            return Ok(());
        }
        let woven: Vec<String> = packages
            .iter()
            .filter(|package| matches!(Recipe::of(&package.name), Some(Recipe::Weave(_))))
            .filter(|package| !self.state.left_alone.contains(&package.name))
            .map(|package| format!("{} {}", package.name, package.version))
            .collect();
        if !packages.iter().any(|package| package.name == "actix-web") {
            let text = "nothing serves requests here: there is no actix-web in Cargo.lock";
            if self.state.is_strict {
                bail!(text);
            }
            if !is_quiet {
                output::warning(format_args!("{text}"));
            }
        } else if !is_quiet {
            let functions = &self.state.functions;
            let functions = if functions.is_empty() { String::new() } else { format!(", functions {functions}") };
            output::status("Instrumenting", format_args!("{}{functions}", woven.join(", ")));
        }
        Ok(())
    }
}

/// The crates that stay as they are beside these packages.
fn left_alone(packages: &[LockedPackage]) -> Vec<String> {
    let names = || packages.iter().map(|package| package.name.as_str());
    let recipes = Recipe::all().iter().filter(|recipe| match recipe {
        Recipe::Weave(weave) => weave.other(names()).is_some(),
        Recipe::Share(_) => false,
    });
    recipes.map(|recipe| recipe.name().to_owned()).collect()
}

/// Returns the cache if it has everything that is needed or can be written, else a folder of the build.
fn usable(cache: Cache, of_build: Cache, targets: &[String]) -> Cache {
    let is_complete = targets.iter().all(|target| cache.libraries(target).is_some());
    if is_complete || cache.is_writable() { cache } else { of_build }
}
