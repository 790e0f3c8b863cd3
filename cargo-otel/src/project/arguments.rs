//! The arguments behind `cargo otel`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use anyhow::{Context as _, Result};

/// The arguments: a few are ours, all others go to cargo.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// `--strict`
    pub(crate) is_strict: bool,
    /// The values of `--functions`
    pub(crate) functions: Vec<String>,
    /// `--viewer`
    pub(crate) has_viewer: bool,
    /// The subcommand and its arguments.
    pub(crate) cargo: Vec<OsString>,
}

impl Arguments {
    /// Takes our own options out. Arguments behind `--` belong to the program.
    pub(crate) fn parse(arguments: &[OsString]) -> Self {
        let mut parsed = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.to_str() {
                Some("--functions") => {
                    let value = rest.next().and_then(|value| value.to_str());
                    parsed.functions.push(value.unwrap_or_default().to_owned());
                }
                Some(option) if option.starts_with("--functions=") => {
                    parsed.functions.extend(option.strip_prefix("--functions=").map(str::to_owned));
                }
                Some("--strict") => parsed.is_strict = true,
                Some("--viewer") => parsed.has_viewer = true,
                Some("--") => {
                    parsed.cargo.push(argument.clone());
                    break;
                }
                _ => parsed.cargo.push(argument.clone()),
            }
        }
        parsed.cargo.extend(rest.cloned());
        parsed
    }

    /// The subcommand: the first argument that is no option. `+toolchain` is rustup's.
    pub(crate) fn command(&self) -> Option<&str> {
        self.cargo.iter().filter_map(|argument| argument.to_str()).find(|argument| !argument.starts_with(['-', '+']))
    }

    /// The arguments before `--`.
    fn options(&self) -> impl Iterator<Item = &OsStr> {
        self.cargo.iter().map(OsString::as_os_str).take_while(|argument| *argument != "--")
    }

    /// Returns `true` if a flag is among the options, in its long or its short form.
    pub(crate) fn has(&self, long: &str, short: &str) -> bool {
        self.options().any(|option| option == long || (!short.is_empty() && option == short))
    }

    /// The values of an option, written `--name value` or `--name=value`.
    pub(crate) fn values(&self, name: &str) -> Vec<String> {
        let mut values = Vec::new();
        let mut options = self.options();
        while let Some(option) = options.next() {
            let Some(option) = option.to_str() else { continue };
            if option == name {
                values.extend(options.next().and_then(OsStr::to_str).map(str::to_owned));
            } else if let Some(value) = option.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                values.push(value.to_owned());
            }
        }
        values
    }

    /// The arguments without an option and its value.
    pub(crate) fn without(&self, name: &str) -> Vec<OsString> {
        let mut kept = Vec::new();
        let mut all = self.cargo.iter();
        while let Some(argument) = all.next() {
            if argument == "--" {
                kept.push(argument.clone());
                break;
            } else if argument == name {
                all.next();
            } else if argument
                .to_str()
                .and_then(|text| text.strip_prefix(name))
                .is_none_or(|rest| !rest.starts_with('='))
            {
                kept.push(argument.clone());
            }
        }
        kept.extend(all.cloned());
        kept
    }

    /// The folder of an option, absolute.
    pub(crate) fn folder(&self, name: &str) -> Result<Option<PathBuf>> {
        let folder = self.values(name).pop();
        folder.map(|folder| std::path::absolute(&folder).with_context(|| format!("{name} {folder}"))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Arguments {
        Arguments::parse(&line.split(' ').map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn our_options_are_taken_out_and_the_rest_is_cargos() {
        let arguments = parse("run --strict --bin shop -- --strict --target x");
        assert!(arguments.is_strict);
        assert_eq!(arguments.cargo, ["run", "--bin", "shop", "--", "--strict", "--target", "x"]);
        assert_eq!(arguments.command(), Some("run"));
        assert!(arguments.values("--target").is_empty());
        assert!(!parse("run -- --strict").is_strict);
        let arguments = parse("run --functions a::b --functions=c::* --bin shop -- --functions x");
        assert_eq!(arguments.functions, ["a::b", "c::*"]);
        assert_eq!(arguments.cargo, ["run", "--bin", "shop", "--", "--functions", "x"]);
        assert_eq!(parse("+nightly -v build").command(), Some("build"));
        assert_eq!(parse("--version").command(), None);
    }

    #[test]
    fn options_have_two_spellings() {
        let arguments = parse("build --target a --target=b --target-dir=t -q");
        assert_eq!(arguments.values("--target"), ["a", "b"]);
        assert_eq!(arguments.values("--target-dir"), ["t"]);
        assert_eq!(arguments.without("--target-dir"), ["build", "--target", "a", "--target=b", "-q"]);
        assert_eq!(
            parse("build --target-dir t -q -- --target-dir").without("--target-dir"),
            ["build", "-q", "--", "--target-dir"]
        );
        assert!(arguments.has("--quiet", "-q"));
        assert!(!arguments.has("--release", "-r"));
    }
}
