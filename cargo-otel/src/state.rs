//! The state that the front end and the wrapper share: variables of the environment, and a folder in the target folder.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};

use crate::functions::Patterns;
use crate::project::Network;
use crate::runtime::{self, Cache, Runtime, TargetFlags, sources, write_if_changed};

/// Names of the variables.
pub(crate) mod variable {
    /// The folder of the state.
    pub(crate) const STATE: &str = "CARGO_OTEL_STATE";
    /// The runtimes of the toolchain.
    pub(crate) const RUNTIMES: &str = "CARGO_OTEL_RUNTIMES";
    /// The flags of the build's targets, as JSON.
    pub(crate) const TARGET_FLAGS: &str = "CARGO_OTEL_TARGET_FLAGS";
    /// The toolchain's own target.
    pub(crate) const HOST: &str = "CARGO_OTEL_HOST";
    /// Set if the build names its targets: then units without one are for the host.
    pub(crate) const CROSS: &str = "CARGO_OTEL_CROSS";
    /// The user's own wrapper.
    pub(crate) const NEXT_WRAPPER: &str = "CARGO_OTEL_NEXT_WRAPPER";
    /// Set if a crate that cannot be instrumented is an error.
    pub(crate) const STRICT: &str = "CARGO_OTEL_STRICT";
    /// The crates with a recipe that are left alone.
    pub(crate) const LEFT_ALONE: &str = "CARGO_OTEL_LEFT_ALONE";
    /// The patterns of functions that get spans; unset if there are none.
    pub(crate) const FUNCTIONS: &str = "CARGO_OTEL_FUNCTIONS";
    /// A file for the names of crates that did not compile; unset if they are not needed.
    pub(crate) const FAILURES: &str = "CARGO_OTEL_FAILURES";
    /// The user's own runner of each target, as JSON.
    pub(crate) const RUNNERS: &str = "CARGO_OTEL_RUNNERS";
    /// A file for the program of `cargo run`.
    pub(crate) const PROGRAM: &str = "CARGO_OTEL_PROGRAM";
    /// The process that waits for that file.
    pub(crate) const FRONT_END: &str = "CARGO_OTEL_FRONT_END";
}

/// How the names of stamps begin.
const STAMP: &str = "stamp-";

/// The folder for the functions that were found in each crate.
const FOUND: &str = "functions";

/// The folder for files of crates that the next build tries again.
const PASSING: &str = "passing";

/// The environment of a build.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) folder: PathBuf,
    pub(crate) runtimes: Cache,
    pub(crate) host: String,
    pub(crate) is_cross: bool,
    pub(crate) next_wrapper: Option<OsString>,
    pub(crate) is_strict: bool,
    /// Crates with a recipe that stay as they are, because another crate records the same calls.
    pub(crate) left_alone: Vec<String>,
    pub(crate) functions: Patterns,
    pub(crate) failures: Option<PathBuf>,
}

impl State {
    /// Returns `true` if this process belongs to a build of `cargo otel`.
    pub(crate) fn is_in_environment() -> bool {
        env::var_os(variable::STATE).is_some()
    }

    /// Reads the variables.
    pub(crate) fn from_environment() -> Result<Self> {
        let get = |name| env::var_os(name).filter(|value| !value.is_empty());
        let need = |name| get(name).with_context(|| format!("{name} is not set: call `cargo otel`"));
        let flags = need(variable::TARGET_FLAGS)?;
        let flags: TargetFlags = serde_json::from_slice(flags.as_encoded_bytes())?;
        Ok(Self {
            folder: need(variable::STATE)?.into(),
            runtimes: Cache::at(need(variable::RUNTIMES)?.into(), flags),
            host: need(variable::HOST)?.to_string_lossy().into_owned(),
            is_cross: get(variable::CROSS).is_some(),
            next_wrapper: get(variable::NEXT_WRAPPER),
            is_strict: get(variable::STRICT).is_some(),
            left_alone: get(variable::LEFT_ALONE)
                .map(|names| names.to_string_lossy().split(' ').map(str::to_owned).collect())
                .unwrap_or_default(),
            functions: Patterns::parse(get(variable::FUNCTIONS).as_deref().and_then(OsStr::to_str))?,
            failures: get(variable::FAILURES).map(PathBuf::from),
        })
    }

    /// The variables for this state.
    pub(crate) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let flag = |is_set: bool| is_set.then(|| OsString::from("1"));
        let target_flags = serde_json::to_string(self.runtimes.flags()).map(OsString::from);
        // Set even if empty: a shell with `cargo otel env` may hold another build's value.
        let variables = [
            (variable::STATE, Some(self.folder.clone().into())),
            (variable::RUNTIMES, Some(self.runtimes.folder().into())),
            (variable::TARGET_FLAGS, target_flags.ok()),
            (variable::HOST, Some(OsString::from(&self.host))),
            (variable::CROSS, flag(self.is_cross)),
            (variable::NEXT_WRAPPER, self.next_wrapper.clone()),
            (variable::STRICT, flag(self.is_strict)),
            (variable::LEFT_ALONE, Some(self.left_alone.join(" ").into())),
            (variable::FUNCTIONS, (!self.functions.is_empty()).then(|| self.functions.to_string().into())),
            (variable::FAILURES, self.failures.clone().map(OsString::from)),
        ];
        variables.map(|(name, value)| (name, value.unwrap_or_default())).into()
    }

    /// The folder for the copy of a woven crate.
    pub(crate) fn copy_of(&self, unit: &str) -> PathBuf {
        self.folder.join("woven").join(unit)
    }

    /// A file that changes when crates that name the runtime have to be built again: for another version of this
    /// program, or another build of the runtime. Cargo itself keeps the crates of each toolchain, target and set of flags.
    pub(crate) fn stamp(&self, target: &str) -> PathBuf {
        self.folder.join(format!("{STAMP}{}", self.runtimes.key(target)))
    }

    /// The runtime for a target, built if it is missing, with settings for cargo's network. Brings its stamp up to date.
    pub(crate) fn runtime(&self, rustc: Option<&Path>, target: &str, network: &Network) -> Result<Runtime> {
        let runtime = runtime::ensure(&self.runtimes, rustc, target, network)?;
        self.write_stamp(target, &runtime)?;
        Ok(runtime)
    }

    /// Brings the stamp up to date. From its time, cargo knows which crates to build again.
    fn write_stamp(&self, target: &str, runtime: &Runtime) -> Result<()> {
        self.outdate_stamps()?;
        let stamp = format!("{} {}\n", sources::VERSION, runtime.id());
        write_if_changed(&self.stamp(target), &stamp)
    }

    /// Changes the stamps of other versions of this program, which may have other names: their crates name a runtime that
    /// this build does not use.
    fn outdate_stamps(&self) -> Result<()> {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let is_stamp = entry.file_name().to_string_lossy().starts_with(STAMP);
            let is_of_another = |text: String| !text.starts_with(sources::VERSION);
            if is_stamp && fs::read_to_string(entry.path()).is_ok_and(is_of_another) {
                fs::write(entry.path(), sources::VERSION)?;
            }
        }
        Ok(())
    }

    /// Stores the functions of a crate that got spans, below the patterns that selected them.
    pub(crate) fn set_found(&self, unit: &str, functions: &[String]) {
        let folder = self.folder.join(FOUND);
        // A lost list costs a warning too many.
        let text = format!("{}\n{}\n", self.functions, functions.join("\n"));
        let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(unit), text));
    }

    /// The functions of all crates that got spans by the patterns of this build.
    pub(crate) fn found(&self) -> Vec<String> {
        let files = fs::read_dir(self.folder.join(FOUND)).into_iter().flatten().flatten();
        let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
        let patterns = self.functions.to_string();
        let current = texts.filter_map(|text| Some(text.strip_prefix(&patterns)?.strip_prefix('\n')?.to_owned()));
        current.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// The file with the reason why a crate is not instrumented, and with the compiler's messages if there are any.
    pub(crate) fn note(&self, name: &str, version: &str) -> PathBuf {
        self.folder.join("notes").join(format!("{name} {version}"))
    }

    /// The notes of all builds in this target folder, each with the name and the version of its crate. An instrumented crate
    /// has an empty one.
    pub(crate) fn all_notes(&self) -> BTreeMap<String, String> {
        let files = fs::read_dir(self.folder.join("notes")).into_iter().flatten().flatten();
        files
            .filter_map(|file| Some((file.file_name().into_string().ok()?, fs::read_to_string(file.path()).ok()?)))
            .collect()
    }

    /// Stores the reason why a crate is not instrumented, empty if it is, or removes it.
    pub(crate) fn set_note(&self, name: &str, version: &str, reason: Option<&str>) {
        let path = self.note(name, version);
        // Lost notes cost a line of output.
        let _ = match reason {
            Some(reason) => fs::create_dir_all(self.folder.join("notes")).and_then(|()| fs::write(path, reason)),
            None => fs::remove_file(path),
        };
    }

    /// The reason why a crate is not instrumented, if there is one.
    pub(crate) fn get_note(&self, name: &str, version: &str) -> Option<String> {
        fs::read_to_string(self.note(name, version)).ok().filter(|note| !note.is_empty())
    }

    /// Records that a crate stays as it is for a reason that may pass. Returns a file among its inputs: when the next
    /// `cargo otel` has removed it, cargo compiles the crate again. Behind variables of `cargo otel env`, the next cargo does.
    pub(crate) fn add_passing(&self, unit: &str) -> PathBuf {
        let path = self.folder.join(PASSING).join(unit);
        if self.failures.is_some() {
            // A newer file than the crate would be a reason to compile it again at once.
            let yesterday = SystemTime::now() - Duration::from_secs(24 * 60 * 60);
            let _ = fs::create_dir_all(self.folder.join(PASSING))
                .and_then(|()| fs::File::create(&path)?.set_modified(yesterday));
        }
        path
    }

    /// Makes cargo compile the crates again that stayed as they are for a reason that may have passed.
    pub(crate) fn remove_passing(&self) {
        let _ = fs::remove_dir_all(self.folder.join(PASSING));
    }

    /// Records that a crate did not compile.
    pub(crate) fn add_failure(&self, name: &str) {
        if let Some(path) = &self.failures {
            let file = OpenOptions::new().create(true).append(true).open(path);
            let _ = file.and_then(|mut file| writeln!(file, "{name}"));
        }
    }

    /// The crates that did not compile, from the text of the file.
    pub(crate) fn failures_in(text: &str) -> BTreeSet<String> {
        text.lines().map(str::to_owned).collect()
    }
}
