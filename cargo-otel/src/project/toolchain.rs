//! The compiler of a build.

use std::error::Error;
use std::fmt;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use semver::Version;

use super::config::Config;

/// The oldest compiler for the runtime: the `rust-version` of this project.
const OLDEST: Version = Version::new(1, 89, 0);

/// The error for a compiler that cannot build the runtime: its release.
#[derive(Debug)]
pub(crate) struct TooOld(String);

impl Error for TooOld {}

impl fmt::Display for TooOld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the telemetry runtime needs Rust {OLDEST} or newer, this is {}: `rustup update`", self.0)
    }
}

/// A compiler.
#[derive(Debug)]
pub(crate) struct Toolchain {
    /// The version as the compiler prints it, which identifies it.
    pub(crate) id: String,
    /// The default target.
    pub(crate) host: String,
    /// The compiler's own path, not that of rustup's proxy, which may choose another compiler in another folder.
    pub(crate) rustc: PathBuf,
}

impl Toolchain {
    /// Finds the compiler that cargo uses in this folder.
    pub(crate) fn find(config: &Config) -> Result<Self> {
        let rustc = config.program("rustc", "RUSTC").unwrap_or_else(|| "rustc".into());
        let version = output(&rustc, &["-vV"])?;
        let field = |name: &str| version.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let release = field("release:").context("the compiler names no release")?;
        let host = field("host:").context("the compiler names no host")?.to_owned();
        let number: Version = release.parse().with_context(|| format!("release {release}"))?;
        if Version::new(number.major, number.minor, number.patch) < OLDEST {
            return Err(TooOld(release.to_owned()).into());
        }
        let mut hash = DefaultHasher::new();
        version.hash(&mut hash);
        let id = format!("{release}-{:016x}", hash.finish());
        let own_path = Path::new(output(&rustc, &["--print", "sysroot"])?.trim_end()).join("bin").join("rustc");
        let rustc = if own_path.exists() { own_path } else { rustc };
        Ok(Self { id, host, rustc })
    }

    /// Returns `true` if a text has the form of an `id`: a release, and a hash of 16 digits.
    pub(crate) fn is_id(text: &str) -> bool {
        let is_hash = |hash: &str| hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        text.rsplit_once('-').is_some_and(|(release, hash)| Version::parse(release).is_ok() && is_hash(hash))
    }
}

fn output(program: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program).args(arguments).output();
    let output = output.with_context(|| format!("{} cannot be called", program.display()))?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        bail!("{} {} failed: {}", program.display(), arguments.join(" "), message.trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
