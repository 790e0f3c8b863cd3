//! The sources of a crate of this project, as a module of another crate.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use semver::Version;

use super::{edit, tokens};
use crate::recipe::Weave;
use crate::runtime::sources;

/// The name of the module.
pub(super) const NAME: &str = "__otel";

/// Writes the module of a recipe below `folder`, if it has one. The `crate` of the sources becomes the module.
pub(super) fn write(recipe: &Weave, version: &Version, folder: &Path) -> Result<()> {
    let Some(package) = &recipe.module else { return Ok(()) };
    for (name, text) in sources::of_package(package) {
        let (name, text) = match (name, &recipe.module_root) {
            ("lib.rs", Some(root)) => ("mod.rs", root.as_str()),
            ("lib.rs", None) => ("mod.rs", text),
            _ => (name, text),
        };
        let text = edit::all(text.to_owned(), &recipe.module_edits, name, version)?;
        let text =
            if Path::new(name).extension().is_some_and(|extension| extension == "rs") { moved(&text)? } else { text };
        let path = folder.join(NAME).join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Turns `crate::` into a path to the module, except in `$crate`.
fn moved(text: &str) -> Result<String> {
    let code = tokens::of(text)?;
    let mut moved = String::with_capacity(text.len() + 256);
    let mut end = 0;
    for (index, token) in code.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| code.get(before));
        let is_path = code.get(index + 1).is_some_and(|next| next.text == ":");
        if token.text == "crate" && is_path && before.is_none_or(|before| before.text != "$") {
            moved.push_str(&text[end..token.place.end]);
            moved.push_str("::");
            moved.push_str(NAME);
            end = token.place.end;
        }
    }
    moved.push_str(&text[end..]);
    Ok(moved)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

    use super::*;

    #[test]
    fn paths_lead_to_the_module() {
        let text = "use crate::body::Body;\npub(crate) fn f() { crate::g(\"crate::h\") } // crate::i\nmacro_rules! m { () => { $crate::j() } }";
        let expected = "use crate::__otel::body::Body;\npub(crate) fn f() { crate::__otel::g(\"crate::h\") } // crate::i\nmacro_rules! m { () => { $crate::j() } }";
        assert_eq!(moved(text).unwrap(), expected);
    }
}
