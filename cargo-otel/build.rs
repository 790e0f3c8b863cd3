//! Puts the sources of the runtime into the program, so that all sources of a build fit each other, even while somebody
//! edits them.
//!
//! `sources/` holds links into the workspace. `cargo package` follows them: the published crate holds the files.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let package = env::current_dir()?;
    let mut sources = BTreeMap::new();
    collect(&package.join("sources"), "", &mut sources)?;
    // Recipes and the weaver change the woven crates, too, so a change of either makes another build.
    let mut version = DefaultHasher::new();
    sources.hash(&mut version);
    let mut program = BTreeMap::new();
    for folder in ["recipes", "src"] {
        collect(&package.join(folder), folder, &mut program)?;
    }
    program.hash(&mut version);

    let mut code = format!("pub(crate) const VERSION: &str = \"{:016x}\";\n", version.finish());
    code.push_str("pub(super) const FILES: &[(&str, &str)] = &[\n");
    for (name, text) in &sources {
        writeln!(code, "    ({name:?}, {text:?}),")?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("sources.rs"), code)?;
    Ok(())
}

/// Reads the files of a folder and its folders. Names are relative to `sources/`.
fn collect(folder: &Path, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={}", folder.canonicalize()?.display());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name().into_string().map_err(|name| format!("{} is not UTF-8", name.display()))?;
        let name = if name.is_empty() { file } else { format!("{name}/{file}") };
        if entry.path().is_dir() {
            collect(&entry.path(), &name, files)?;
        } else {
            println!("cargo::rerun-if-changed={}", entry.path().canonicalize()?.display());
            files.insert(name, fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
