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
    /// The runner for a target and its first arguments, from variables and files; empty if cargo starts the programs itself.
    /// Of the command line's options, only those in a section `target.'cfg(..)'` count. The compiler `rustc` knows the `cfg`s
    /// of the target.
    pub(crate) fn runner(&self, target: &str, rustc: &Path) -> Vec<OsString> {
        let path = ["target", target, "runner"];
        let of_settings = |settings: &Settings| of_value(settings, settings.get(&path)?);
        let of_variable =
            || command(&env::current_dir().ok()?, env::var(Self::variable_of(&path)).ok()?.split_whitespace());
        let of_target = of_variable().or_else(|| self.files.iter().find_map(of_settings));
        of_target.or_else(|| self.runner_of_cfg(target, rustc)).unwrap_or_default()
    }

    /// The runner in a section `target.'cfg(..)'`.
    fn runner_of_cfg(&self, target: &str, rustc: &Path) -> Option<Vec<OsString>> {
        let sections = self.options.iter().chain(&self.files).flat_map(|settings| {
            let sections = settings.get(&["target"]).and_then(Value::as_table).into_iter().flatten();
            sections.filter_map(move |(key, section)| Some((key, of_value(settings, section.get("runner")?)?)))
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

/// A program and its arguments, written as words or as an array.
fn of_value(settings: &Settings, value: &Value) -> Option<Vec<OsString>> {
    match value {
        Value::String(text) => command(&settings.folder, text.split_whitespace()),
        Value::Array(values) => command(&settings.folder, values.iter().filter_map(Value::as_str)),
        _ => None,
    }
}

/// A program and its arguments. A program with a folder in its name is relative to `folder`: that of the settings, or the
/// current one for a variable.
fn command<'a>(folder: &Path, mut words: impl Iterator<Item = &'a str>) -> Option<Vec<OsString>> {
    let program = PathBuf::from(words.next()?);
    let program = if program.components().count() > 1 { folder.join(program) } else { program };
    Some([program.into_os_string()].into_iter().chain(words.map(OsString::from)).collect())
}
