//! The environment of an instrumented build.

use std::env;
use std::ffi::OsString;

use anyhow::{Context as _, Result, bail};

use super::folders::Folders;
use super::inbox::{self, Inbox};
use super::overlap::{self, LeftAlone};
use super::program::{self, Runners};
use super::targets::Targets;
use super::{build_folder, install, shell};
use crate::functions::Patterns;
use crate::project::{Arguments, Config, Network, Package, Project, Toolchain, absolute_home, packages};
use crate::runtime::{self, Cache};
use crate::state::State;

/// Everything that a build needs.
#[derive(Debug)]
pub(super) struct Preparation {
    /// `true` for `cargo install`, which chooses the packages itself.
    pub(super) is_install: bool,
    pub(super) toolchain: Toolchain,
    pub(super) state: State,
    /// The targets of the build: the named ones, else the host.
    pub(super) targets: Vec<String>,
    pub(super) folders: Folders,
    rustdoc_flags: Vec<String>,
    /// The user's own runners of the targets.
    runners: Runners,
    /// The settings with which the build of the runtime reaches registries.
    pub(super) network: Network,
    /// The packages of the build; none for `cargo install`.
    pub(super) packages: Vec<Package>,
    /// The packages with a recipe that stay as they are.
    pub(super) left_alone: Vec<LeftAlone>,
}

impl Preparation {
    /// Finds project, toolchain and folders, but no packages yet. Writes nothing.
    pub(super) fn new(arguments: &Arguments) -> Result<Self> {
        let is_install = arguments.command() == Some("install");
        let config = Config::of(&install::config_folder(arguments)?, &arguments.values("--config"));
        let toolchain = Toolchain::find(&config)?;
        let functions = Patterns::parse(arguments.functions.iter().map(String::as_str))?;
        if is_install && !functions.is_empty() {
            bail!("`--functions` does not work with `install`; use `cargo otel build --release`");
        }
        let project = if is_install && !install::is_local(arguments) { None } else { Some(Project::find(arguments)?) };
        let Targets { names: targets, are_named: is_cross, flags } = Targets::of(arguments, &config, &toolchain);
        let cache_folder = runtime::default_folder()?;
        let folders = Folders::of(project.as_ref(), arguments, &config)?;
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
            left_alone: Vec::new(),
            functions,
            failures: None,
        };
        let rustdoc_flags = targets.first().map(|target| config.flags("rustdocflags", target)).unwrap_or_default();
        let runners = program::runners(&config, &targets, &toolchain.rustc);
        let network = network(arguments, &config);
        Ok(Self {
            is_install,
            toolchain,
            state,
            targets,
            folders,
            rustdoc_flags,
            runners,
            network,
            packages: Vec::new(),
            left_alone: Vec::new(),
        })
    }

    /// Chooses the packages, as the build will do. With `is_locked`, nothing is written.
    ///
    /// # Errors
    ///
    /// If cargo cannot choose them, or if they are instrumented already: the application would have all telemetry twice.
    pub(super) fn with_packages(mut self, arguments: &Arguments, is_locked: bool) -> Result<Self> {
        if self.is_install {
            return Ok(self);
        }
        self.packages = packages(arguments, &self.targets, is_locked)?;
        if self.packages.iter().any(|package| package.name == "otel-actix") {
            bail!(
                "this application is instrumented by `#[auto_instrument]` already: it depends on `otel-actix`. Use plain \
                 `cargo`, take `otel-actix` out of the manifest, or select other packages with `-p`"
            );
        }
        self.left_alone = overlap::left_alone(&self.packages);
        self.state.left_alone = self.left_alone.iter().map(|left| left.name.clone()).collect();
        Ok(self)
    }

    /// Builds the runtimes that are missing, and makes the target folder.
    pub(super) fn build_runtimes(&self) -> Result<()> {
        build_folder::create(&self.folders.target)?;
        for target in &self.targets {
            self.state.runtime(Some(&self.toolchain.rustc), target, &self.network)?;
        }
        Ok(())
    }

    /// A file for the program of `cargo run`. `None` for other commands, and if the program cannot be recorded.
    pub(super) fn record(&self, arguments: &Arguments) -> Option<Inbox> {
        let can_record = cfg!(unix) && arguments.is_run() && !self.runners.is_empty();
        can_record.then(|| Inbox::create(&self.state.folder, inbox::PROGRAM).ok()).flatten()
    }

    /// The variables with which this program starts the built ones, and those that it needs to undo the others.
    pub(super) fn runner_variables(&self) -> Result<Vec<(String, OsString)>> {
        Ok(shell::kept(&self.runners).chain(program::variables(&self.runners)?).collect())
    }

    /// The variables that make cargo's build an instrumented one.
    pub(super) fn variables(&self) -> Result<Vec<(String, OsString)>> {
        let this = env::current_exe().context("this program has no path")?;
        let mut variables: Vec<(String, OsString)> = self.runner_variables()?;
        let mut set = |name: &str, value: OsString| variables.push((name.to_owned(), value));
        self.state.variables().into_iter().for_each(|(name, value)| set(name, value));
        set("RUSTC_WRAPPER", this.into());
        self.folders.variables().into_iter().for_each(|(name, value)| set(name, value));
        // Cargo calls the wrapper in the folder of each package.
        if let Some((name, home)) = absolute_home() {
            set(name, home.into());
        }
        // Tests in documentation are linked by rustdoc, which has no wrapper.
        let mut flags = self.rustdoc_flags.clone();
        for folder in self.targets.iter().filter_map(|target| self.state.runtimes.libraries(target)) {
            flags.extend(["-L".to_owned(), format!("dependency={}", folder.display())]);
        }
        // The strongest place for these flags, and the one that allows spaces in them.
        set("CARGO_ENCODED_RUSTDOCFLAGS", flags.join("\x1f").into());
        Ok(variables)
    }
}

/// The settings with which the build of a runtime reaches registries.
pub(super) fn network(arguments: &Arguments, config: &Config) -> Network {
    let is_offline = arguments.has("--offline", None) || arguments.has("--frozen", None);
    if is_offline { config.network().offline() } else { config.network() }
}

/// Returns the cache if it has everything that is needed or can be written, else a folder of the build.
fn usable(cache: Cache, of_build: Cache, targets: &[String]) -> Cache {
    let is_complete = targets.iter().all(|target| cache.libraries(target).is_some());
    if is_complete || cache.is_writable() { cache } else { of_build }
}
