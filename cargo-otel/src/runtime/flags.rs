//! The flags of the user's build that decide which code runs on a target: `-C target-feature` and `-C target-cpu`.
//!
//! A runtime is built with the same ones. They can change how functions are called, how the program is linked (`crt-static`)
//! and the instructions that the oldest processor has. All other flags of the user stay away from the runtime.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};

/// The flags of each target that has some.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub(crate) struct TargetFlags(BTreeMap<String, Vec<String>>);

impl TargetFlags {
    /// Adds a target. `flags` are all flags of its crates, as in `RUSTFLAGS`.
    pub(crate) fn add(&mut self, target: &str, flags: &[String]) {
        let flags: Vec<String> = codegen_options(flags).filter(|option| is_of_target(option)).collect();
        if !flags.is_empty() {
            self.0.insert(target.to_owned(), flags);
        }
    }

    /// The flags of a target, each as one argument of the compiler.
    pub(super) fn of_target(&self, target: &str) -> impl Iterator<Item = String> {
        self.0.get(target).into_iter().flatten().map(|option| format!("-C{option}"))
    }

    /// Identifies the flags of a target in the name of a file. Empty if there are none.
    pub(super) fn suffix(&self, target: &str) -> String {
        let Some(flags) = self.0.get(target) else { return String::new() };
        let mut hash = DefaultHasher::new();
        flags.hash(&mut hash);
        format!("-{:016x}", hash.finish())
    }
}

/// The values of `-C` and `--codegen`.
fn codegen_options(flags: &[String]) -> impl Iterator<Item = String> {
    let mut flags = flags.iter();
    std::iter::from_fn(move || {
        loop {
            let flag = flags.next()?;
            let option = match flag.strip_prefix("--codegen").or_else(|| flag.strip_prefix("-C")) {
                None => continue,
                Some("") => flags.next()?,
                Some(option) => option.trim_start_matches('='),
            };
            // The compiler takes names with underscores, too.
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            return Some(format!("{}={value}", name.replace('_', "-")));
        }
    })
}

/// The processor `native` is another one on each machine, and a cache may be used on many. The default of the target runs on
/// all of them.
fn is_of_target(option: &str) -> bool {
    option.starts_with("target-feature=") || option.starts_with("target-cpu=") && option != "target-cpu=native"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_runtime_gets_the_flags_of_its_target_alone() {
        let mut flags = TargetFlags::default();
        let line = "-C target-feature=+crt-static -Clink-arg=-s --codegen target_cpu=haswell --codegen=target-feature=+aes \
                    -D warnings -C target-cpu=native --cfg target-cpu=x -C";
        flags.add("a", &line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        flags.add("b", &["-Copt-level=3".to_owned()]);
        let expected = ["-Ctarget-feature=+crt-static", "-Ctarget-cpu=haswell", "-Ctarget-feature=+aes"];
        assert_eq!(flags.of_target("a").collect::<Vec<_>>(), expected);
        assert_eq!(flags.of_target("b").count(), 0);
        assert_eq!(flags.suffix("b"), "");
        let mut other = TargetFlags::default();
        other.add("a", &["-Ctarget-cpu=haswell".to_owned()]);
        assert_ne!(flags.suffix("a"), other.suffix("a"));
    }
}
