//! Copies of published sources: as they are, and with the attribute.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::instrument::instrument;

/// Both copies of a crate.
pub(crate) struct Copies {
    pub(crate) plain: PathBuf,
    pub(crate) annotated: PathBuf,
    pub(crate) functions: usize,
}

/// The sources of `name-version`, or of any version of `name`, where Cargo keeps them.
pub(crate) fn sources(name: &str) -> Option<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")))?;
    let registries = fs::read_dir(home.join("registry/src")).ok()?.flatten();
    let crates = registries.flat_map(|registry| fs::read_dir(registry.path()).into_iter().flatten()).flatten();
    let is_wanted = |path: &PathBuf| {
        let folder = path.file_name().unwrap_or_default().to_string_lossy();
        let version = folder.strip_prefix(name).and_then(|rest| rest.strip_prefix('-'));
        folder == name || version.is_some_and(|version| version.starts_with(|first: char| first.is_ascii_digit()))
    };
    crates.map(|entry| entry.path()).filter(is_wanted).max()
}

/// Makes the copies below `target`, with a lock file from `workspace`, so that what is built there is used again.
pub(crate) fn copy(sources: &Path, workspace: &Path, target: &Path) -> io::Result<Copies> {
    let name = sources.file_name().unwrap_or_default();
    let copies =
        Copies { plain: target.join("plain").join(name), annotated: target.join("annotated").join(name), functions: 0 };
    let mut functions = 0;
    for folder in [&copies.plain, &copies.annotated] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
    }
    for file in files(sources)? {
        let relative = file.strip_prefix(sources).unwrap_or(&file);
        let is_source = relative.starts_with("src") && relative.extension().is_some_and(|extension| extension == "rs");
        let instrumented = if is_source { instrument(&fs::read_to_string(&file)?) } else { None };
        for folder in [&copies.plain, &copies.annotated] {
            let to = folder.join(relative);
            fs::create_dir_all(to.parent().unwrap_or(folder))?;
            match &instrumented {
                Some(texts) => {
                    let text = if folder == &copies.plain { &texts.plain } else { &texts.annotated };
                    fs::write(&to, text)?;
                }
                None => fs::write(&to, fs::read(&file)?)?,
            }
        }
        functions += instrumented.map_or(0, |texts| texts.functions);
    }
    for folder in [&copies.plain, &copies.annotated] {
        let manifest = folder.join("Cargo.toml");
        let [actix, start] = ["otel-actix", "tests/real-crates"].map(|name| workspace.join(name).display().to_string());
        let text = format!(
            "{}\n[workspace]\n[dependencies.otel-actix]\npath = {actix:?}\ndefault-features = false\n\
             [dev-dependencies.real-crates]\npath = {start:?}\n",
            fs::read_to_string(&manifest)?
        );
        fs::write(manifest, text)?;
        fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    }
    Ok(Copies { functions, ..copies })
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}
