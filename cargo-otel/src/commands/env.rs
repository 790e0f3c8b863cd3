//! `cargo otel env`: the variables of an instrumented build, for a build command of the user's own.

use anyhow::Result;

use super::preparation::Preparation;
use crate::project::Arguments;

pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let preparation = Preparation::new(arguments)?.with_packages(arguments, false)?;
    preparation.build_runtimes()?;
    for (name, value) in preparation.variables()? {
        println!("export {name}={}", quoted(&value.to_string_lossy()));
    }
    Ok(())
}

/// Quotes a value for a POSIX shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_the_value_back() {
        assert_eq!(quoted("/a b"), "'/a b'");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
    }
}
