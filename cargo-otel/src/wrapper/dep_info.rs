//! The files from which a crate was compiled, as cargo should see them.
//!
//! Cargo compiles a crate again when one of these files changes. A woven copy is made anew each time, so cargo has to
//! watch the original and the stamp instead.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use anyhow::Result;

/// Puts the original files in place of their copies, leaves out files that have no original, and adds `stamp` and
/// variables of the environment: cargo builds the crate again when one of these changes.
pub(super) fn rewrite<'a>(
    file: &Path,
    copy: Option<(&Path, &Path)>,
    stamp: Option<&Path>,
    variables: impl Iterator<Item = &'a str>,
) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let mut text = rewritten(&text, copy, stamp.map(escaped).as_deref());
    for variable in variables {
        // Without a value: the variable is not set.
        let value = env::var(variable).map(|value| format!("={value}")).unwrap_or_default();
        let _ = writeln!(text, "# env-dep:{variable}{value}");
    }
    fs::write(file, text)?;
    Ok(())
}

/// Each line is a rule of `make`: an output, a colon, and its inputs. Lines that begin with `#` name the environment
/// variables that the crate reads.
///
/// ```text
/// // Input:
/// target/a.d: /copy/src/lib.rs /copy/src/__otel/mod.rs
/// // Output:
/// target/a.d: /original/src/lib.rs /target/stamp
/// ```
fn rewritten(text: &str, copy: Option<(&Path, &Path)>, stamp: Option<&str>) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.lines() {
        let Some((output, inputs)) = line.split_once(": ").filter(|_| !line.starts_with('#')) else {
            // An empty rule for a file of the copy would name a file that may be gone.
            if copy.is_none_or(|(copy, _)| !line.starts_with(&escaped(copy))) {
                lines.push_str(line);
                lines.push('\n');
            }
            continue;
        };
        lines.push_str(output);
        lines.push(':');
        for input in split(inputs) {
            if let Some(original) = original(input, copy) {
                lines.push(' ');
                lines.push_str(&original);
            }
        }
        if let Some(stamp) = stamp {
            lines.push(' ');
            lines.push_str(stamp);
        }
        lines.push('\n');
    }
    lines
}

/// Splits names at spaces that are not escaped.
fn split(names: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, _) in names.match_indices(' ') {
        if !names[..at].ends_with('\\') {
            parts.push(&names[start..at]);
            start = at + 1;
        }
    }
    parts.push(&names[start..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The file of the original. `None` for a file of the module that the weaver added.
fn original(input: &str, copy: Option<(&Path, &Path)>) -> Option<String> {
    let Some((copy, original)) = copy else { return Some(input.to_owned()) };
    match input.strip_prefix(&escaped(copy)) {
        Some(below) if below.starts_with(&format!("/{}/", crate::weave::MODULE_FOLDER)) => None,
        Some(below) => Some(format!("{}{below}", escaped(original))),
        None => Some(input.to_owned()),
    }
}

/// A path as the rules spell it.
fn escaped(path: &Path) -> String {
    path.to_string_lossy().replace(' ', "\\ ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_sees_the_original_and_the_stamp() {
        let text = "/t/liba.rlib: /t/otel/wo\\ ven/src/lib.rs /t/otel/wo\\ ven/src/__otel/mod.rs /r/other.rs\n\n\
                    /t/otel/wo\\ ven/src/lib.rs:\n/r/other.rs:\n# env-dep:A=b: c\n";
        let copy = Some((Path::new("/t/otel/wo ven"), Path::new("/r/a 1")));
        let expected = "/t/liba.rlib: /r/a\\ 1/src/lib.rs /r/other.rs /t/stamp\n\n/r/other.rs:\n# env-dep:A=b: c\n";
        assert_eq!(rewritten(text, copy, Some("/t/stamp")), expected);
    }
}
