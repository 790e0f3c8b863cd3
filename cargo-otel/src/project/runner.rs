//! The user's own [runner](https://doc.rust-lang.org/cargo/reference/config.html#targettriplerunner): a program that starts the
//! built ones for cargo.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_platform::{Cfg, CfgExpr};
use toml::Value;

use super::config::Config;
use super::settings::Settings;

impl Config {
    /// Without options of the command line: the runner for a target and its first arguments; empty if cargo starts the programs itself. The compiler knows the
    /// `cfg`s of the target.
    pub(crate) fn runner(&self, target: &str, rustc: &Path) -> Vec<OsString> {
        let path = ["target", target, "runner"];
        let of_settings = |settings: &Settings| command(settings, settings.get(&path)?);
        let of_variable = || {
            let text = env::var(Self::variable_of(&path)).ok()?;
            Some(text.split_whitespace().map(OsString::from).collect())
        };
        let of_target = of_variable().or_else(|| self.files.iter().find_map(of_settings));
        of_target.or_else(|| self.runner_of_cfg(target, rustc)).unwrap_or_default()
    }

    /// The runner in a section `target.'cfg(..)'`.
    fn runner_of_cfg(&self, target: &str, rustc: &Path) -> Option<Vec<OsString>> {
        let sections = self.options.iter().chain(&self.files).flat_map(|settings| {
            let sections = settings.get(&["target"]).and_then(Value::as_table).into_iter().flatten();
            sections.filter_map(move |(key, section)| Some((key, command(settings, section.get("runner")?)?)))
        });
        let sections: Vec<_> = sections.filter(|(key, _)| key.starts_with("cfg(")).collect();
        if sections.is_empty() {
            return None;
        }
        let mut compiler = Command::new(rustc);
        let output =
            compiler.args(["--print", "cfg", "--target", target]).args(self.flags("rustflags", target)).output();
        let cfgs = String::from_utf8(output.ok()?.stdout).ok()?;
        let cfgs: Vec<Cfg> = cfgs.lines().filter_map(|line| line.parse().ok()).collect();
        sections.into_iter().find(|(key, _)| CfgExpr::matches_key(key, &cfgs)).map(|(_, command)| command)
    }
}

/// A program and its arguments, written as words or as an array. A program with a folder in its name is relative to the
/// folder of the settings.
fn command(settings: &Settings, value: &Value) -> Option<Vec<OsString>> {
    let words: Vec<&str> = match value {
        Value::String(text) => text.split_whitespace().collect(),
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let (program, arguments) = words.split_first()?;
    let program = PathBuf::from(program);
    let program = if program.components().count() > 1 { settings.folder.join(program) } else { program };
    Some([program.into_os_string()].into_iter().chain(arguments.iter().map(OsString::from)).collect())
}
